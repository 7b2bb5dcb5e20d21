package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;

/**
 * Text of all scripts, encoded and decoded by every published tokenizer of the folder of large
 * cases, equals what the reference makes of it: see roundtrip.py. The first lines of every file;
 * with {@code -Dlugha.roundtrip} all of them.
 */
class RoundTripTest {
    private static final int SMALL = 3;

    @Test
    void decodedTextIsTheReferences() throws IOException, NoSuchAlgorithmException {
        boolean all = System.getProperty("lugha.roundtrip") != null;
        JsonNode golden =
                Json.MAPPER.readTree(
                        Files.readAllBytes(
                                SharedData.beside(RoundTripTest.class, "roundtrip.json")));
        List<String> differing = new ArrayList<>();
        int seen = 0;
        for (Map.Entry<String, JsonNode> one : golden.properties()) {
            Tokenizer t = Tokenizer.load(SharedData.path("data/tokenizers/" + one.getKey()));
            for (Map.Entry<String, JsonNode> file : one.getValue().properties()) {
                MessageDigest hash = MessageDigest.getInstance("SHA-256");
                for (String line : lines(SharedData.path("data/" + file.getKey()), all)) {
                    String back = t.decode(t.encode(line, false).ids(), false);
                    hash.update((back + "\n").getBytes(StandardCharsets.UTF_8));
                }
                String digest = HexFormat.of().formatHex(hash.digest(), 0, 8);
                if (!digest.equals(file.getValue().get(all ? 1 : 0).stringValue())) {
                    differing.add(one.getKey() + " " + file.getKey());
                }
                seen++;
            }
        }
        assertEquals(List.of(), differing);
        assertTrue(seen > 200, "every tokenizer and file: " + seen);
    }

    private static List<String> lines(Path file, boolean all) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean objects = file.toString().endsWith(".jsonl");
        for (String line : Files.readString(file).split("\n", all || objects ? -1 : SMALL + 1)) {
            if (!objects) {
                lines.add(line);
            } else if (!line.isEmpty() && (all || lines.size() < SMALL)) {
                JsonNode row = Json.MAPPER.readTree(line);
                lines.add(row.get("src").stringValue());
                lines.add(row.get("tgt").stringValue());
            }
        }
        return all ? lines : lines.subList(0, Math.min(SMALL, lines.size()));
    }
}
