package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.RequestException;

/** What is stored outside the heap comes back as it was, in memory and in a file. */
class DataSetTest {
    @TempDir private Path folder;

    private static List<Example> random(Random random, int n, int vocabulary, boolean ownLabels) {
        List<Example> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int[] ids = random.ints(random.nextInt(20), 0, vocabulary).toArray();
            int[] labels = ids.clone();
            for (int t = 0; t < ids.length; t++) {
                boolean counts = random.nextBoolean();
                int other = ownLabels && i > n / 2 ? random.nextInt(vocabulary) : ids[t];
                labels[t] = counts ? other : Example.NOT_COUNTED;
            }
            all.add(new Example(ids, labels, List.of("", "yo", "ha").get(random.nextInt(3))));
        }
        return all;
    }

    @Property
    void storedExamplesComeBack(
            @ForAll long seed,
            @ForAll boolean wide,
            @ForAll boolean ownLabels,
            @ForAll @IntRange(min = 16, max = 5000) int inMemory) {
        int vocabulary = wide ? 1 << 17 : 1 << 16;
        List<Example> all = random(new Random(seed), 40, vocabulary, ownLabels);
        try (ExampleStore store = new ExampleStore(vocabulary, inMemory)) {
            all.forEach(store::add);
            store.seal();
            long tokens = 0;
            for (int i = 0; i < all.size(); i++) {
                Example e = all.get(i);
                assertArrayEquals(e.ids(), store.get(i).ids());
                assertArrayEquals(e.labels(), store.get(i).labels());
                assertEquals(e.language(), store.get(i).language());
                assertEquals(e.counted(), store.counted(i));
                assertEquals(e.ids().length, store.length(i));
                tokens += e.ids().length;
            }
            assertEquals(tokens, store.tokens());
            assertEquals(all.stream().mapToLong(Example::counted).sum(), store.counted());
            assertTrue(inMemory > 300 || store.bytes()[1] > 0, "ends alone take 320 bytes");
        }
    }

    private Path file(int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append("{\"input_ids\":[").append(i).append(",1,2]}\n");
        }
        return Files.writeString(folder.resolve("a.jsonl"), text);
    }

    private static DataSet read(Path file, int vocabulary, int threads) {
        DataFile data = new DataFile(file, "", "ids", "");
        LineEncoder encoder = LineEncoder.of(new Encoder(null, -1, true));
        return new DataSetReader(data, encoder, 8, vocabulary).read(threads);
    }

    @Test
    void anyNumberOfThreadsGivesTheSame() throws IOException {
        Path file = file(5000);
        try (DataSet one = read(file, 9000, 1);
                DataSet many = read(file, 9000, 7)) {
            assertEquals(5000, one.size());
            for (int i = 0; i < 5000; i++) {
                assertArrayEquals(new int[] {i, 1, 2}, one.examples().get(i).ids());
                assertArrayEquals(new int[] {i, 1, 2}, many.examples().get(i).ids());
            }
            assertEquals(3, one.longest());
            assertEquals(10_000, many.counted());
        }
    }

    @Test
    void theFirstWrongLineIsTold() throws IOException {
        Path file = file(4000);
        Files.writeString(file, Files.readString(file) + "{broken\n");
        for (int threads : new int[] {1, 5}) {
            String message =
                    assertThrows(RequestException.class, () -> read(file, 3000, threads))
                            .getMessage();
            assertTrue(message.contains("a.jsonl:3001: input_ids holds 3000"), message);
        }
        assertTrue(
                assertThrows(RequestException.class, () -> read(file, 4000, 2))
                        .getMessage()
                        .contains("a.jsonl:4001: is not valid JSON"));
    }

    @Test
    void aClosedSetGivesNothing() throws IOException {
        DataSet set = read(file(3), 10, 1);
        set.close();
        set.close();
        assertThrows(IllegalStateException.class, () -> set.examples().get(0));
        assertThrows(IllegalStateException.class, () -> set.length(0));
    }

    @Test
    void aTemporaryFileIsGoneAsSoonAsItIsOpen() {
        Column column = new Column(16);
        for (int i = 0; i < 1000; i++) {
            column.addInt(i);
        }
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        assertTrue(windows || Files.notExists(column.path()));
        column.seal();
        assertEquals(999, column.getInt(999));
        column.close();
        assertTrue(Files.notExists(column.path()));
    }

    @Test
    void aFolderThatTakesNothingGivesOneLine() {
        try (Column column = new Column(16, folder.resolve("missing"))) {
            column.addLong(1);
            column.addLong(2);
            String message =
                    assertThrows(UncheckedIOException.class, () -> column.addLong(3)).getMessage();
            assertTrue(message.contains("missing") && message.contains("free space"), message);
        }
    }
}
