package org.lugha.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.RequestException;

/** Lines and pieces of lines, as they lie in a file. */
class TextFileTest {
    @TempDir private Path folder;

    private List<String> texts(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), content, UTF_8);
        List<String> texts = new ArrayList<>();
        long[] read = new long[1];
        TextFile.forEach(file, texts::add, n -> read[0] = n);
        assertEquals(Files.size(file), read[0]);
        return texts;
    }

    @Test
    void linesAsTheyAre() throws IOException {
        assertEquals(List.of("a ", " b\uFEFF", "c"), texts("\uFEFFa \r\n\n  \n b\uFEFF\nc"));
    }

    @Test
    void manyLinesOverManyBuffers() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 120_000; i++) {
            all.append("sentensi ya ").append(i).append(" ọ̀rọ̀\n");
        }
        List<String> texts = texts(all.toString());
        assertEquals(120_000, texts.size());
        assertEquals("sentensi ya 99999 ọ̀rọ̀", texts.get(99_999));
    }

    @Test
    void longLinesComeInPiecesCutAtSpacesOrBetweenCharacters() throws IOException {
        String words = "habari ya ọjọ́ ".repeat(150_000).strip();
        List<String> pieces = texts("first\n" + words + "\nlast");
        assertTrue(pieces.size() > 4);
        assertEquals("first" + words + "last", String.join("", pieces));
        assertTrue(
                pieces.stream().skip(2).limit(pieces.size() - 3).allMatch(p -> p.startsWith(" ")));
        String letters = "ዓለም𞤀".repeat(200_000);
        List<String> cut = texts(letters);
        assertEquals(letters, String.join("", cut));
        assertTrue(
                cut.stream().noneMatch(p -> p.isEmpty() || Character.isLowSurrogate(p.charAt(0))));
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        assertTrue(
                said(new byte[] {'a', '\n', 'b', (byte) 0xC3, '\n'}).contains(":2: is not valid"));
        assertTrue(said(new byte[] {'a', '\n', (byte) 0xE1, (byte) 0x80}).contains(":2: is not"));
        assertTrue(said(new byte[] {'\n', ' '}).contains("is empty"));
    }

    private String said(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("b.txt"), content);
        return assertThrows(RequestException.class, () -> TextFile.forEach(file, _ -> {}))
                .getMessage();
    }
}
