package org.lugha.models.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;

class MixtureTest {
    @TempDir private Path folder;

    private DataFile file(String name, String language, int lines) throws IOException {
        List<String> all = IntStream.range(0, lines).mapToObj(i -> name + " " + i).toList();
        return new DataFile(Files.write(folder.resolve(name), all), language, "", "");
    }

    private static String draw(Mixture m, long n) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        m.draw(n, out, _ -> {});
        return out.toString(UTF_8);
    }

    @Test
    void drawsAsAskedEpochByEpoch() throws IOException {
        List<DataFile> files = List.of(file("big.txt", "a", 900), file("small.txt", "b", 100));
        try (Mixture m = new Mixture(files, 2, 1, true)) {
            List<Mixture.Set> sets = m.draw(4000, null, _ -> {});
            assertEquals(.25, sets.get(1).asked(), 1e-9);
            assertEquals(.25, sets.get(1).realised(), .02);
            assertEquals(sets.get(1).drawn() / 100.0, sets.get(1).epochs());
            String drawn = draw(m, 1000);
            assertEquals(drawn, draw(m, 1000));
            List<String> small = drawn.lines().filter(l -> l.contains("small.txt")).toList();
            assertTrue(small.getFirst().contains("\"language\":\"b\""));
            Set<String> first = new HashSet<>(small.subList(0, 100));
            assertEquals(100, first.size(), "an epoch has each once");
            assertNotEquals(small.subList(0, 50), small.subList(100, 150));
        }
    }

    @Test
    void filesOfOneLanguageShareItsPart() throws IOException {
        List<DataFile> files =
                List.of(file("a1.txt", "a", 60), file("a2.txt", "a", 30), file("b.txt", "b", 10));
        try (Mixture m = new Mixture(files, 1e9, 1, true)) {
            List<Mixture.Set> sets = m.draw(1, null, _ -> {});
            assertEquals(1 / 3.0, sets.get(0).asked(), 1e-6);
            assertEquals(1 / 6.0, sets.get(1).asked(), 1e-6);
            assertEquals(1 / 2.0, sets.get(2).asked(), 1e-6);
        }
    }

    @Test
    void linesAreTakenAsTheyAreOrMadeOfTables() throws IOException {
        Path json = Files.writeString(folder.resolve("a.jsonl"), "\uFEFF{\"text\": \"ọ\"}\r\n\n");
        Path table = Files.writeString(folder.resolve("b.tsv"), "text\tn\nq\t1\n");
        try (Mixture m = new Mixture(List.of(new DataFile(json, "", "", "")), 1, 1, true);
                Mixture t = new Mixture(List.of(new DataFile(table, "", "", "")), 1, 1, true)) {
            assertEquals("{\"text\": \"ọ\"}\n", draw(m, 1));
            assertEquals("{\"text\":\"q\",\"n\":\"1\"}\n", draw(t, 1));
        }
        Path empty = Files.writeString(folder.resolve("c.jsonl"), "\n");
        List<DataFile> none = List.of(new DataFile(empty, "", "", ""));
        assertThrows(RequestException.class, () -> new Mixture(none, 1, 1, true));
    }

    @Property
    void aPermutationHasEveryNumberOnce(
            @ForAll @IntRange(min = 1, max = 300) int n, @ForAll long seed) {
        Permutation p = new Permutation(n, seed);
        assertEquals(
                n, IntStream.range(0, n).mapToLong(p::at).filter(x -> x < n).distinct().count());
    }
}
