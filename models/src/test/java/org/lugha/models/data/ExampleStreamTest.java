package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.models.RequestException;

class ExampleStreamTest {
    private static Example example(int id, String language) {
        return new Example(new int[] {id, id}, new int[] {id, id}, language);
    }

    private static List<Example> examples(int from, int to, String language) {
        return IntStream.range(from, to).mapToObj(i -> example(i, language)).toList();
    }

    private static List<Integer> draw(ExampleStream s, int n) {
        return IntStream.range(0, n).map(_ -> s.next().ids()[0]).boxed().toList();
    }

    @Property
    void everyEpochHoldsEveryExampleOnce(
            @ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
        ExampleStream s = new ExampleStream(examples(0, n, "a"), 3.33, true, seed);
        for (int epoch = 0; epoch < 3; epoch++) {
            assertEquals(n, new HashSet<>(draw(s, n)).size());
        }
    }

    @Test
    void theOrderIsAFunctionOfTheSeedAndChangesEachEpoch() {
        List<Example> data = examples(0, 50, "a");
        ExampleStream a = new ExampleStream(data, 1, true, 7);
        ExampleStream b = new ExampleStream(data, 1, true, 7);
        List<Integer> first = draw(a, 50);
        assertEquals(first, draw(b, 50));
        assertNotEquals(first, draw(a, 50));
        assertNotEquals(first, draw(new ExampleStream(data, 1, true, 8), 50));
        assertEquals(
                IntStream.range(0, 50).boxed().toList(),
                draw(new ExampleStream(data, 1, false, 7), 50));
    }

    @Test
    void temperatureRaisesTheShareOfTheSmallLanguage() {
        List<Example> data = new ArrayList<>(examples(0, 900, "big"));
        data.addAll(examples(900, 1000, "small"));
        // p ~ share^(1/T): T = 2 gives sqrt(.1) / (sqrt(.1) + sqrt(.9)) = 1/4
        assertEquals(0.25, shareOfSmall(data, 2), 0.02);
        assertEquals(0.10, shareOfSmall(data, 1), 0.02);
        assertEquals(0.50, shareOfSmall(data, 1e9), 0.02);
    }

    private static double shareOfSmall(List<Example> data, double temperature) {
        ExampleStream s = new ExampleStream(data, temperature, true, 3);
        return draw(s, 10_000).stream().filter(i -> i >= 900).count() / 10_000.0;
    }

    @Test
    void rowsArePaddedOnTheRightAndPaddingNeverCounts() {
        Batch b =
                Batch.of(
                        List.of(
                                new Example(new int[] {4, 5, 6}, new int[] {-100, -100, 6}, ""),
                                new Example(new int[] {7}, new int[] {7}, "")));
        assertArrayEquals(new int[] {7, 0, 0}, b.ids()[1]);
        assertArrayEquals(new int[] {7, -100, -100}, b.labels()[1]);
        assertEquals(4, b.tokens());
        assertEquals(1, b.counted(), "the first token of a row has no context");
    }

    private static DataSet set(String name, int from, int to, double weight, int first, int last) {
        var file = new DataFile(Path.of(name), "", "text", "", "", weight, first, last);
        ExampleStore store = new ExampleStore(1000);
        examples(from, to, "a").forEach(store::add);
        return new DataSet(file, store, 0, 0, 0);
    }

    @Test
    void weightsMultiplyAndSharesAreTold() {
        int always = Integer.MAX_VALUE;
        var sets = List.of(set("one", 0, 100, 1, 1, always), set("two", 100, 200, 3, 1, always));
        ExampleStream s = ExampleStream.of(sets, 1, true, 3);
        for (int i = 0; i < 400; i++) {
            s.batch(10, 1);
        }
        sets.forEach(DataSet::close);
        var drawn = s.drawn(1);
        assertEquals(0.75, drawn.get(1).asked(), 1e-12);
        assertEquals(0.75, drawn.get(1).examples() / 4000.0, 0.02);
        assertEquals(drawn.get(1).examples() / 100.0, drawn.get(1).epochs());
        assertEquals(2 * drawn.get(0).examples(), drawn.get(0).tokens());
    }

    @Test
    void aFileIsDrawnFromInItsStepsAlone() {
        var sets = List.of(set("early", 0, 10, 1, 1, 2), set("late", 10, 20, 1, 2, 3));
        ExampleStream s = ExampleStream.of(sets, 1, true, 3);
        assertTrue(Arrays.stream(s.batch(50, 1).members()).allMatch(m -> m < 10));
        assertEquals(
                2, Arrays.stream(s.batch(50, 2).members()).map(m -> m / 10).distinct().count());
        assertTrue(Arrays.stream(s.batch(50, 3).members()).allMatch(m -> m >= 10));
        assertEquals("late, example 3", s.name(12));
        var e = assertThrows(RequestException.class, () -> s.batch(1, 4));
        assertTrue(e.getMessage().contains("step 4"), e.getMessage());
        sets.forEach(DataSet::close);
    }
}
