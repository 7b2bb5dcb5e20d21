package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PackingTest {
    static final int LENGTH = 20;

    private static List<Example> examples(List<Integer> lengths) {
        return lengths.stream()
                .map(n -> {
                    int[] ids = IntStream.range(0, n).toArray();
                    return new Example(ids, ids, "");
                })
                .toList();
    }

    @Property
    void rowsAreWholeExamplesAndNoneIsLostOrTwice(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 2, max = LENGTH) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 5) int rows) {
        var stream = new ExampleStream(examples(lengths), 1, true, 3).packed(LENGTH);
        List<Integer> seen = new ArrayList<>();
        while (seen.size() < lengths.size()) {
            Batch b = stream.batch(rows);
            assertTrue(b.ids()[0].length <= LENGTH);
            for (int i = 0, m = 0; i < b.lengths().length; i++) {
                int at = 0;
                for (int n : b.lengths()[i]) {
                    assertEquals(lengths.get(b.members()[m++]), n);
                    assertEquals(0, b.ids()[i][at], "every example begins with its own first id");
                    at += n;
                }
                assertTrue(at <= LENGTH);
            }
            Arrays.stream(b.members()).forEach(seen::add);
            assertEquals(Arrays.stream(b.lengths()).flatMapToInt(Arrays::stream).sum(), b.tokens());
        }
        // An example may wait while a later epoch begins, and comes within two epochs all the same.
        var two = new HashSet<>(seen);
        while (two.size() < lengths.size()) {
            Arrays.stream(stream.batch(rows).members()).forEach(two::add);
        }
        assertEquals(lengths.size(), two.size());
    }

    @Property
    void aStreamGoesOnWhereAnotherStood(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 2, max = LENGTH) Integer> lengths,
            @ForAll @IntRange(max = 12) int before,
            @ForAll boolean packed) {
        List<Example> data = new ArrayList<>();
        for (Example e : examples(lengths)) {
            data.add(new Example(e.ids(), e.labels(), e.ids().length % 3 == 0 ? "a" : "b"));
        }
        var one = stream(data, packed);
        IntStream.range(0, before).forEach(_ -> one.batch(3));
        var other = stream(data, packed);
        other.restore(one.state());
        for (int i = 0; i < 8; i++) {
            assertEquals(
                    Arrays.toString(one.batch(3).members()),
                    Arrays.toString(other.batch(3).members()));
        }
        assertEquals(one.state(), other.state());
    }

    private static ExampleStream stream(List<Example> data, boolean packed) {
        var s = new ExampleStream(data, 2, true, 5);
        return packed ? s.packed(LENGTH) : s;
    }

    @Test
    void rowsAreNearlyFull() {
        List<Integer> lengths = IntStream.range(0, 500).map(i -> 2 + i * 7 % 60).boxed().toList();
        var stream = new ExampleStream(examples(lengths), 1, true, 1).packed(128);
        long tokens = 0;
        for (int i = 0; i < 20; i++) {
            tokens += stream.batch(4).tokens();
        }
        assertTrue(tokens > 0.97 * 20 * 4 * 128, tokens + " of " + 20 * 4 * 128);
    }

    @Test
    void anEpochOfPackedRowsIsCounted() {
        List<Integer> lengths = IntStream.range(0, 100).map(_ -> 10).boxed().toList();
        assertEquals(25, new ExampleStream(examples(lengths), 1, true, 1).steps(1, 4, 1));
        assertEquals(25, new ExampleStream(examples(lengths), 1, true, 1).steps(1, 2, 2));
        int packed = new ExampleStream(examples(lengths), 1, true, 1).packed(20).steps(1, 4, 1);
        assertEquals(13, packed);
    }
}
