package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.RequestException;

class ExampleFileTest {
    @TempDir private Path folder;

    private List<ExampleFile.Line> lines(String name, String content) {
        Path file = folder.resolve(name);
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return ExampleFile.all(file);
    }

    private String refusal(String name, String content) {
        return assertThrows(RequestException.class, () -> lines(name, content)).getMessage();
    }

    @Test
    void eachKindOfFileGivesObjects() {
        assertEquals(
                "b", lines("a.jsonl", "{\"text\":\"a\"}\n\n{\"text\":\"b\"}").get(1).text("text"));
        assertEquals(3, lines("a.jsonl", "{\"text\":\"a\"}\n\n{\"text\":\"b\"}").get(1).number());
        assertEquals("a  b", lines("a.txt", "a  b\nc").get(0).text("text"));
        var tsv = lines("a.tsv", "prompt\tcompletion\nq\ta\n");
        assertEquals("a", tsv.getFirst().text("completion"));
        assertEquals(2, tsv.getFirst().number());
    }

    @Test
    void whatIsWrongNamesFileAndLine() {
        assertTrue(
                refusal("a.jsonl", "{\"text\":\"a\"}\n{\"text\":")
                        .contains("a.jsonl:2: is not valid"));
        assertTrue(refusal("a.jsonl", "[1]").contains("a.jsonl:1: needs a JSON object"));
        assertTrue(refusal("a.tsv", "a\tb\n1\n").contains("a.tsv:2: needs 2 columns"));
        String missing =
                assertThrows(
                                RequestException.class,
                                () -> lines("b.jsonl", "{\"txt\":\"a\"}").getFirst().text("text"))
                        .getMessage();
        assertTrue(missing.contains("b.jsonl:1: needs \"text\""), missing);
    }

    @Test
    void bytesThatAreNotUtf8AreNamed() throws IOException {
        Path file = folder.resolve("x.txt");
        Files.writeString(file, "a\n".repeat(5000));
        Files.write(
                file, new byte[] {'b', (byte) 0xC3, '\n', 'c', '\n'}, StandardOpenOption.APPEND);
        String message =
                assertThrows(RequestException.class, () -> ExampleFile.all(file)).getMessage();
        assertTrue(message.contains("x.txt:5001: is not valid UTF-8"), message);
    }

    @Test
    void aCarriageReturnEndsALineOnlyBeforeALineFeed() {
        assertEquals(
                List.of("a", "b\rc", "d"),
                lines("x.txt", "a\r\nb\rc\r\n\r\nd").stream().map(l -> l.text("text")).toList());
    }

    @Test
    void idsAreCutToTheirMaskAndNothingElseIsAccepted() {
        var line =
                lines(
                                "i.jsonl",
                                "{\"input_ids\":[5,6,7,0],\"labels\":[-100,6,7,-100],"
                                        + "\"attention_mask\":[1,1,1,0]}")
                        .getFirst();
        Example e = Encoder.ids(line, "");
        assertArrayEquals(new int[] {5, 6, 7}, e.ids());
        assertArrayEquals(new int[] {-100, 6, 7}, e.labels());
        assertEquals(2, e.counted());
        var left = lines("l.jsonl", "{\"input_ids\":[0,5],\"attention_mask\":[0,1]}").getFirst();
        assertTrue(
                assertThrows(RequestException.class, () -> Encoder.ids(left, ""))
                        .getMessage()
                        .contains("padding goes to the right"));
    }
}
