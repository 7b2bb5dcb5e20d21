package org.lugha.models.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.data.DataFile;

class CorpusStatsTest {
    @TempDir private Path folder;

    private DataFile file(String name, String language, String... lines) throws IOException {
        Path path = Files.write(folder.resolve(name), List.of(lines));
        return new DataFile(path, language, "", "");
    }

    private static CorpusStats stats(DataFile... files) {
        CorpusStats stats = new CorpusStats(null, true);
        stats.run(List.of(files), _ -> {});
        return stats;
    }

    @Test
    void figuresByLanguage() throws IOException {
        CorpusStats stats =
                stats(
                        file(
                                "a.jsonl",
                                "",
                                "{\"src_lang\":\"eng\",\"tgt_lang\":\"amh\",\"src\":\"peace be\",\"tgt\":\"ሰላም፡ለ\"}",
                                "{\"src_lang\":\"eng\"}"),
                        file("amh.txt", "", "ሰላም", "hello there", "e\u0301 e\u0323\u0301"),
                        file("b.txt", "eng", "\u0007"));
        assertEquals(List.of("amh", "eng"), List.copyOf(stats.languages().keySet()));
        Figures amh = stats.languages().get("amh");
        assertEquals(List.of(4L, 7L), List.of(amh.texts(), amh.words()));
        assertEquals(15 + 9 + 11 + 9, amh.bytes());
        assertEquals(5 + 3 + 11 + 6, amh.characters());
        assertEquals(1, amh.decomposed());
        assertEquals("LATIN", amh.scripts().firstEntry().getKey());
        assertEquals(1, stats.files().getFirst().bad());
        assertEquals(0, stats.languages().get("eng").controls(), "bad lines are left out");
        assertEquals(5, stats.total().texts());
    }

    @Test
    void whatIsWrittenOtherwiseThanTheRestStandsOut() throws IOException {
        Figures f =
                stats(file("swh.txt", "", "habari ya leo", "сегодня", "asubuhi", "12", "usiku"))
                        .languages()
                        .get("swh");
        assertEquals(1, f.strange());
        assertEquals(2, f.strangers().get("CYRILLIC").line());
    }

    @Test
    void repetitionsAreCountedByFileAndShown() throws IOException {
        CorpusStats stats =
                stats(file("a.txt", "", "One two.", "three"), file("b.txt", "", "one TWO"));
        assertEquals(List.of(1L, 0L), List.of(stats.exact(), stats.near()));
        assertEquals(
                List.of(0L, 1L), stats.files().stream().map(CorpusStats.OfFile::exact).toList());
        assertTrue(stats.pairs().getFirst().endsWith("a.txt:1"));
    }

    @Property
    void lengthsHaveTheirQuantiles(
            @ForAll @Size(min = 1, max = 30) int[] any,
            @ForAll @IntRange(min = 1, max = 100) int percent) {
        int[] lengths = Arrays.stream(any).map(n -> Math.floorMod(n, 100_000)).toArray();
        Lengths all = new Lengths();
        Arrays.stream(lengths).forEach(all::add);
        Arrays.sort(lengths);
        int exact = lengths[(int) Math.ceil(percent / 100.0 * lengths.length) - 1];
        assertEquals(
                exact, all.quantile(percent / 100.0), exact < Lengths.EXACT ? 0 : 0.02 * exact);
        assertEquals(lengths[lengths.length - 1], all.max());
    }
}
