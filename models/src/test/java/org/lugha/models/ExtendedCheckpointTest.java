package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.Entry;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ExtendedCheckpointTest {
    private static final Device CPU = Devices.get("cpu");
    private static final List<int[]> PARTS =
            List.of(new int[] {3, 5, 5}, new int[] {7}, new int[] {}, new int[] {1, 2});

    @TempDir private Path folder;

    private Path model(boolean tied, DType dtype, long shard) throws IOException {
        ObjectNode json =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"model_type": "llama", "vocab_size": 20, "hidden_size": 8,
                                 "intermediate_size": 12, "num_hidden_layers": 1,
                                 "num_attention_heads": 2, "num_key_value_heads": 1,
                                 "max_position_embeddings": 16, "initializer_range": 0.5}
                                """)
                        .asObject();
        json.put("tie_word_embeddings", tied);
        Path to = folder.resolve("base");
        try (CausalLM m = CausalLM.declare(new ConfigJson("test", json))) {
            m.initialize(CPU, dtype, 3);
            m.save(to, shard);
        }
        for (String name : List.of("README.md", "vocab.json", "pytorch_model.bin")) {
            Files.writeString(to.resolve(name), name);
        }
        return to;
    }

    private Path extended(Path model, int first) {
        Path to = folder.resolve("more");
        try (ExtendedCheckpoint files = ExtendedCheckpoint.of(model)) {
            to.toFile().mkdir();
            files.write(first, PARTS, to);
        }
        return to;
    }

    private static double[] logits(Path model) {
        try (CausalLM m = CausalLM.load(model, CPU, DType.F32);
                var _ = Scope.open("test")) {
            double[] all = m.logits(3, 7, 11, 2).toArray();
            int rows = m.vocabularySize();
            double[] old = new double[0];
            for (int t = 0; t < 4; t++) {
                int end = old.length;
                old = Arrays.copyOf(old, end + 16);
                System.arraycopy(all, t * rows, old, end, 16);
            }
            return old;
        }
    }

    private static double[][] rows(Path model, String name) {
        try (Checkpoint c = Checkpoint.open(model)) {
            Entry e = c.get(name);
            double[][] rows = new double[(int) e.shape()[0]][8];
            for (int i = 0; i < rows.length * 8; i++) {
                rows[i / 8][i % 8] = NewRows.get(e.dtype(), e.data(), i);
            }
            return rows;
        }
    }

    private static void assertMeans(double[][] old, double[][] rows, int first, double within) {
        for (int i = 0; i < PARTS.size(); i++) {
            int[] of = PARTS.get(i);
            of = of.length == 0 ? java.util.stream.IntStream.range(0, first).toArray() : of;
            for (int d = 0; d < 8; d++) {
                int at = d;
                double mean =
                        Arrays.stream(of).mapToDouble(r -> old[r][at]).average().orElseThrow();
                assertEquals(mean, rows[first + i][d], within * Math.abs(mean));
            }
        }
        for (int r = 0; r < old.length; r++) {
            if (r < first || r >= first + PARTS.size()) {
                assertArrayEquals(old[r], rows[r]);
            }
        }
    }

    @Test
    void newRowsAreMeansAndOldLogitsStay() throws IOException {
        Path base = model(false, DType.F32, 900);
        Path more = extended(base, 20);
        String embedding = "model.embed_tokens.weight";
        for (String table : List.of(embedding, "lm_head.weight")) {
            assertEquals(24, rows(more, table).length);
            assertMeans(rows(base, table), rows(more, table), 20, 1e-6);
        }
        assertArrayEquals(logits(base), logits(more));
        assertEquals(24, ConfigJson.read(more.resolve("config.json")).size("vocab_size"));
        assertTrue(Files.exists(more.resolve("README.md")));
        assertFalse(Files.exists(more.resolve("vocab.json")));
        assertFalse(Files.exists(more.resolve("pytorch_model.bin")));
        List<String> shards = shards(base);
        assertTrue(shards.size() > 2);
        assertEquals(shards, shards(more));
        long bytes = 0;
        try (Checkpoint c = Checkpoint.open(more)) {
            bytes = c.bytes();
        }
        assertTrue(
                Files.readString(more.resolve(Checkpoint.INDEX))
                        .contains("\"total_size\" : " + bytes));
    }

    private static List<String> shards(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString())
                    .filter(n -> n.contains("safetensors"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aTiedTableStaysOneAndPaddedRowsAreUsedFirst() throws IOException {
        Path base = model(true, DType.BF16, Long.MAX_VALUE);
        String embedding = "model.embed_tokens.weight";
        Path more = extended(base, 16);
        assertEquals(20, rows(more, embedding).length);
        assertMeans(rows(base, embedding), rows(more, embedding), 16, 0x1p-8);
        try (Checkpoint c = Checkpoint.open(more)) {
            assertTrue(c.find("lm_head.weight").isEmpty());
            assertEquals("BF16", c.get(embedding).dtype().name());
        }
        assertArrayEquals(logits(base), logits(more));
        for (Path p : new Path[] {more.resolve("config.json"), more}) {
            assertTrue(Files.exists(p));
        }
        assertEquals(20, ConfigJson.read(more.resolve("config.json")).size("vocab_size"));
    }

    @Test
    void aTokenizerOfMoreTokensThanRowsIsRefused() throws IOException {
        try (ExtendedCheckpoint files = ExtendedCheckpoint.of(model(true, DType.F32, 10_000))) {
            files.requireRows(20);
            String message =
                    assertThrows(RequestException.class, () -> files.requireRows(21)).getMessage();
            assertTrue(message.contains("21 rows") && message.contains("got 20"), message);
        }
        assertThrows(RequestException.class, () -> ExtendedCheckpoint.of(folder.resolve("none")));
    }
}
