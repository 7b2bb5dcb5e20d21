package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

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
}
