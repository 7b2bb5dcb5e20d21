package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;

/** New tokens, against what Hugging Face's tokenizers makes of the files: see extended.py. */
class ExtensionTest {
    @TempDir private Path folder;

    private static List<String> lines(String name) throws IOException {
        return Files.readAllLines(SharedData.beside(ExtensionTest.class, name));
    }

    private static Tokenizer tokenizer(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Tokenizer(new TokenizerFiles(Map.of("tokenizer.json", bytes)));
    }

    private static Extension extended(Tokenizer base, int add) throws IOException {
        VocabularyExtender extender = new VocabularyExtender(base);
        lines("training.txt").forEach(extender::add);
        return extender.extend(add);
    }

    @Test
    void filesAreThoseThatTheReferenceSaw() throws IOException, NoSuchAlgorithmException {
        int seen = 0;
        for (String line : lines("extended.jsonl")) {
            JsonNode golden = Json.MAPPER.readTree(line);
            String name = golden.get("name").stringValue();
            Extension made = extended(tokenizer(golden.get("base").toString()), 40);
            Path to = folder.resolve(name);
            made.tokenizer().save(to);
            byte[] file = Files.readAllBytes(to.resolve("tokenizer.json"));
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(file);
            assertEquals(golden.get("sha256").stringValue(), HexFormat.of().formatHex(hash), name);
            Tokenizer loaded = Tokenizer.load(to);
            for (JsonNode v : golden.get("vectors")) {
                int[] ids = loaded.encode(v.get("text").stringValue()).ids();
                assertArrayEquals(Vectors.ints(v.get("ids")), ids, () -> name + v);
                assertEquals(v.get("decoded").stringValue(), loaded.decode(ids, true), name);
            }
            seen++;
        }
        assertEquals(5, seen);
    }

    @Test
    void oldTokensKeepTheirIdsAndNewOnesAreMadeOfThem() throws IOException {
        for (String line : lines("extended.jsonl")) {
            JsonNode golden = Json.MAPPER.readTree(line);
            Tokenizer base = tokenizer(golden.get("base").toString());
            Extension made = extended(base, 40);
            assertEquals(base.vocabSize(), made.first());
            assertEquals(base.vocabSize() + 40, made.tokenizer().vocabSize());
            for (int id = 0; id < base.vocabSize(); id++) {
                assertEquals(base.token(id), made.tokenizer().token(id));
                assertEquals(OptionalInt.of(id), made.tokenizer().id(base.token(id)));
                assertEquals(base.isSpecial(id), made.tokenizer().isSpecial(id));
            }
            for (int i = 0; i < 40; i++) {
                String token = made.tokens().get(i);
                assertEquals(OptionalInt.empty(), base.id(token), token);
                assertEquals(token, made.tokenizer().token(made.first() + i));
                int[] parts = made.parts().get(i);
                assertTrue(parts.length > 0, token);
                assertTrue(Arrays.stream(parts).allMatch(p -> p < made.first()), token);
                boolean spelled = Arrays.stream(parts).noneMatch(p -> isStandIn(base, p));
                if (spelled) {
                    StringBuilder text = new StringBuilder();
                    for (int p : parts) {
                        String part = base.token(p);
                        text.append(
                                !text.isEmpty() && part.startsWith("##")
                                        ? part.substring(2)
                                        : part);
                    }
                    assertEquals(token, text.toString());
                }
            }
        }
    }

    private static boolean isStandIn(Tokenizer t, int id) {
        return t.unknownId().equals(OptionalInt.of(id)) || ByteTokens.byteOf(t.token(id)) >= 0;
    }

    @Test
    void textsThatMeetNoNewTokenAreEncodedAsBefore() throws IOException {
        Tokenizer base =
                tokenizer(
                        Json.MAPPER
                                .readTree(lines("extended.jsonl").getFirst())
                                .get("base")
                                .toString());
        VocabularyExtender extender = new VocabularyExtender(base);
        extender.add("ọmọ ọmọ ọmọ");
        Extension made = extender.extend(100);
        assertNotEquals(0, made.tokens().size());
        assertTrue(made.tokens().size() < 100, "no more than what repeats");
        assertEquals(1 + 1 + 1, made.after());
        for (String line : lines("training.txt")) {
            int[] ids = made.tokenizer().encode(line).ids();
            if (Arrays.stream(ids).noneMatch(id -> id >= made.first())) {
                assertArrayEquals(base.encode(line).ids(), ids);
            }
            assertEquals(line, made.tokenizer().decode(ids, true));
        }
    }

    @Test
    void whatCannotBeExtendedIsRefusedByName() {
        String words =
                "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"a\"}}";
        String affixes =
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a</w>\":0},\"merges\":[],\"end_of_word_suffix\":\"</w>\"}}";
        for (String[] one :
                new String[][] {{words, "WordLevel"}, {affixes, "end_of_word_suffix"}}) {
            TokenizerException e =
                    assertThrows(
                            TokenizerException.class,
                            () -> new VocabularyExtender(tokenizer(one[0])));
            assertTrue(e.getMessage().contains(one[1]), e.getMessage());
        }
    }
}
