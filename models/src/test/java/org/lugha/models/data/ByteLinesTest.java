package org.lugha.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.RequestException;

class ByteLinesTest {
    @TempDir private Path folder;

    private List<String> texts(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("a.txt"), content);
        List<String> texts = new ArrayList<>();
        try (ByteLines lines = new ByteLines(file)) {
            while (lines.next()) {
                texts.add(lines.text());
                assertEquals(texts.size(), lines.number());
            }
            assertEquals(content.length, lines.position());
        }
        return texts;
    }

    private List<String> texts(String content) throws IOException {
        return texts(content.getBytes(UTF_8));
    }

    @Test
    void linesAreWhatLiesBetweenLineFeeds() throws IOException {
        assertEquals(List.of("a", "", "b\rc", "d"), texts("\uFEFFa\r\n\nb\rc\nd"));
        assertEquals(List.of("a", ""), texts("a\n\n"));
        assertEquals(List.of(), texts(""));
        assertEquals(List.of("\uFFFD \uFEFF"), texts("\uFFFD \uFEFF"));
    }

    @Test
    void linesOfEveryLengthOverTheBuffersEnds() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            expected.add("ọ" + "x".repeat(i * 37 % 5000));
        }
        expected.add(7, "ɛ".repeat(300_000));
        expected.add("y".repeat(131_071));
        assertEquals(expected, texts(String.join("\n", expected)));
        assertEquals(expected, texts(String.join("\n", expected) + "\n"));
    }

    @Test
    void aLineWithoutEndIsPassedOver() throws IOException {
        Path file = folder.resolve("long.txt");
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 'a');
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("one\n".getBytes(UTF_8));
            for (int i = 0; i < 18; i++) {
                out.write(piece);
            }
            out.write("\nthree\n".getBytes(UTF_8));
        }
        try (ByteLines lines = new ByteLines(file)) {
            assertTrue(lines.next());
            assertFalse(lines.isTooLong());
            assertTrue(lines.next());
            assertTrue(lines.isTooLong());
            assertEquals(18 << 20, lines.length());
            String said = assertThrows(RequestException.class, lines::text).getMessage();
            assertTrue(
                    said.endsWith(
                            "long.txt:2: is longer than 16 MiB; split it into several lines"));
            assertTrue(lines.next());
            assertEquals("three", lines.text());
            assertFalse(lines.next());
            assertEquals(Files.size(file), lines.position());
        }
    }

    @Test
    void theFirstByteThatIsNoUtf8IsNamed() {
        byte[] bytes = "ọba\uFFFD x\n".getBytes(UTF_8);
        bytes[bytes.length - 2] = (byte) 0xED;
        String said = assertThrows(RequestException.class, () -> texts(bytes)).getMessage();
        assertTrue(
                said.endsWith(
                        "a.txt:1: is not valid UTF-8 (0xED, byte 10 of the line); convert the file to UTF-8"),
                said);
    }
}
