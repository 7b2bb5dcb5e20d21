package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;

/** Bare models of SentencePiece with many options, against sentencepiece itself. */
class SentencePieceTest {
    @TempDir Path dir;

    @Test
    void givesTheIdsAndTextsOfTheReference() throws IOException {
        int models = 0;
        Path file = SharedData.beside(SentencePieceTest.class, "sentencepieces.jsonl");
        for (String line : Files.readAllLines(file)) {
            JsonNode row = Json.MAPPER.readTree(line);
            String name = row.get("name").stringValue();
            byte[] model = Base64.getDecoder().decode(row.get("model").stringValue());
            Files.write(dir.resolve("tokenizer.model"), model);
            Tokenizer t = Tokenizer.load(dir);
            for (JsonNode v : row.get("vectors")) {
                String text = v.get(0).stringValue();
                Encoding e = t.encode(text);
                assertArrayEquals(Vectors.ints(v.get(1)), e.ids(), () -> name + v);
                assertEquals(v.get(2).stringValue(), t.decode(e.ids(), false), () -> name + v);
                assertRanges(text, e);
            }
            models++;
        }
        assertEquals(20, models);
    }

    private static void assertRanges(String text, Encoding e) {
        int last = 0;
        for (int i = 0; i < e.size(); i++) {
            assertTrue(e.starts()[i] >= last || e.starts()[i] == e.starts()[i - 1], text);
            assertTrue(e.ends()[i] >= e.starts()[i] && e.ends()[i] <= text.length(), text);
            last = e.ends()[i];
        }
    }

    @Test
    void takesTheFileByItsNamesAndWritesItBack() throws IOException {
        Path file = SharedData.beside(SentencePieceTest.class, "sentencepieces.jsonl");
        JsonNode row = Json.MAPPER.readTree(Files.readAllLines(file).getFirst());
        byte[] model = Base64.getDecoder().decode(row.get("model").stringValue());
        for (String name :
                new String[] {"sentencepiece.bpe.model", "spiece.model", "tokenizer.model"}) {
            Files.write(dir.resolve(name), model);
            Path copy = Files.createDirectory(dir.resolve("copy of " + name));
            Tokenizer.load(dir).save(copy);
            assertArrayEquals(model, Files.readAllBytes(copy.resolve(name)));
        }
        Files.write(dir.resolve("mine"), model);
        Tokenizer t = Tokenizer.load(dir.resolve("mine"));
        assertEquals(OptionalInt.of(1), t.bosId());
        assertEquals(OptionalInt.of(2), t.eosId());
        assertEquals(OptionalInt.empty(), t.padId());
        assertTrue(t.isSpecial(1));
    }
}
