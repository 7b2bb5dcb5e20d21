package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every block of tokenizer.json on texts of many scripts, against Hugging Face's tokenizers: ids,
 * ranges and decoded text. {@code -Dlugha.blocks=FILE} tries another file of blocks.py.
 */
class BlocksTest {
    static Stream<Arguments> cases() throws IOException {
        String other = System.getProperty("lugha.blocks");
        Path file =
                other == null
                        ? SharedData.beside(BlocksTest.class, "blocks.jsonl")
                        : Path.of(other);
        List<JsonNode> models = new ArrayList<>();
        List<Arguments> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = Json.MAPPER.readTree(line);
            if (row.has("model")) {
                models.add(row.get("model"));
            } else {
                ObjectNode json = (ObjectNode) row.get("tokenizer");
                json.set("model", models.get(json.get("model").intValue()));
                cases.add(Arguments.of(row.get("name").stringValue(), json, row.get("vectors")));
            }
        }
        assertTrue(cases.size() >= 70);
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void givesWhatTheReferenceGives(String name, JsonNode json, JsonNode vectors) {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        Tokenizer t = new Tokenizer(new TokenizerFiles(Map.of("tokenizer.json", bytes)));
        boolean limits = json.get("truncation").isObject();
        for (JsonNode v : vectors) {
            if (v.get(2).isNull()) {
                continue; // the reference gives up here
            }
            String text = v.get(0).stringValue();
            boolean special = v.get(1).booleanValue();
            Encoding e = limits ? t.encodeWithinLimits(text, special) : t.encode(text, special);
            assertArrayEquals(Vectors.ints(v.get(2)), e.ids(), () -> text + " " + v);
            // Where a character leaves no trace, theirs count on as if it had not been there.
            if (!name.equals("bpe no unknown")) {
                assertEquals(ranges(Vectors.ints(v.get(3))), ranges(text, e), () -> text);
            }
            if (!v.get(4).isNull()) {
                assertEquals(v.get(4).stringValue(), t.decode(e.ids(), !special), () -> text);
            }
        }
    }

    /** Ranges in code points; where empty ones are is not compared. */
    private static List<String> ranges(int[] flat) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < flat.length; i += 2) {
            all.add(flat[i] == flat[i + 1] ? "none" : flat[i] + "-" + flat[i + 1]);
        }
        return all;
    }

    private static List<String> ranges(String text, Encoding e) {
        int[] flat = new int[2 * e.size()];
        for (int i = 0; i < e.size(); i++) {
            flat[2 * i] = text.codePointCount(0, e.starts()[i]);
            flat[2 * i + 1] = text.codePointCount(0, e.ends()[i]);
        }
        return ranges(flat);
    }
}
