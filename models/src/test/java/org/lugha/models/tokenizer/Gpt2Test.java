package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.lugha.models.checkpoint.SharedData;

/** GPT-2's own tokenizer, where the folder of large cases has it. */
class Gpt2Test {
    @Test
    void givesTheIdsOfTheReference() throws IOException {
        Path dir = SharedData.path("data/tokenizers/gpt2");
        Tokenizer gpt2 = Tokenizer.load(dir);
        assertTrue(Vectors.assertAll(gpt2, dir.resolve("vectors.jsonl")) > 300);
        assertEquals(OptionalInt.of(50256), gpt2.eosId());
        assertEquals(OptionalInt.empty(), gpt2.padId());
        assertEquals(50257, gpt2.vocabSize());
        for (String line : Files.readAllLines(dir.resolve("vectors.jsonl"))) {
            String text = Json.MAPPER.readTree(line).get("text").stringValue();
            assertEquals(text, gpt2.decode(gpt2.encode(text).ids(), false));
        }
    }
}
