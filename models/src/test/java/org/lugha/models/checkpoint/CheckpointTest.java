package org.lugha.models.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of models: one file, shards, and what is refused. */
class CheckpointTest {
    @TempDir Path dir;

    @Test
    void opensOneFileByItsFolderOrName() {
        Path file = dir.resolve("model.safetensors");
        SafeTensors.write(file, Map.of("b", SafeTensorsTest.floats(1, 2)));
        for (Path path : List.of(dir, file)) {
            try (Checkpoint c = Checkpoint.open(path)) {
                assertEquals(2, c.get("b").data().get(JAVA_FLOAT_UNALIGNED, 4));
                assertEquals(8, c.bytes());
                assertEquals(Map.of("format", "pt"), c.metadata());
                assertTrue(c.find("a").isEmpty());
                assertTrue(message(() -> c.get("a")).contains("expected a tensor 'a'"));
            }
        }
    }

    @Test
    void opensShards() throws IOException {
        shard("model-00001-of-00002.safetensors", "a");
        shard("model-00002-of-00002.safetensors", "b");
        index("{'a':'model-00001-of-00002.safetensors','b':'model-00002-of-00002.safetensors'}");
        for (Path path : List.of(dir, dir.resolve("model.safetensors.index.json"))) {
            try (Checkpoint c = Checkpoint.open(path, Mapping.PRIVATE)) {
                assertEquals(List.of("a", "b"), List.copyOf(c.entries().keySet()));
                c.get("b").data().set(JAVA_FLOAT_UNALIGNED, 0, 7);
                assertEquals(7, c.get("b").data().get(JAVA_FLOAT_UNALIGNED, 0));
            }
        }
    }

    @Test
    void refusesAnIndexThatDoesNotFit() throws IOException {
        shard("x.safetensors", "a");
        shard("y.safetensors", "a");
        index("{'a':'x.safetensors','b':'y.safetensors'}");
        refused("'b' in y.safetensors");
        index("{'a':'x.safetensors','b':'z.safetensors'}");
        refused("the file 'z.safetensors' beside it");
        index("{'a':'../x.safetensors'}");
        refused("names of safetensors files beside it");
        index("{'a':'x.bin'}");
        refused("x.bin: expected safetensors, got a Python pickle");
        index("{'a':'x.safetensors','a':'y.safetensors'}");
        refused("Duplicate");
        index("3");
        refused("weight_map");
        Files.writeString(dir.resolve("model.safetensors.index.json"), "{");
        refused("expected JSON");
    }

    @Test
    void refusesATensorThatTwoShardsHoldUnlessTheIndexDecides() throws IOException {
        SafeTensors.write(
                dir.resolve("x.safetensors"),
                Map.of("a", SafeTensorsTest.floats(1), "c", SafeTensorsTest.floats(1)));
        SafeTensors.write(
                dir.resolve("y.safetensors"),
                Map.of("b", SafeTensorsTest.floats(2), "c", SafeTensorsTest.floats(2)));
        index("{'a':'x.safetensors','b':'y.safetensors'}");
        refused("'c' in one file, got it is in several");
        index("{'a':'x.safetensors','b':'y.safetensors','c':'y.safetensors'}");
        try (Checkpoint c = Checkpoint.open(dir)) {
            assertEquals(2, c.get("c").data().get(JAVA_FLOAT_UNALIGNED, 0));
        }
    }

    @Test
    void saysWhatIsMissingOrWhyPicklesAreNotRead() throws IOException {
        refused("expected model.safetensors or model.safetensors.index.json, got no safetensors");
        Files.createFile(dir.resolve("adapter_model.safetensors"));
        refused("got adapter_model.safetensors");
        Files.createFile(dir.resolve("pytorch_model.bin"));
        refused("pytorch_model.bin: expected safetensors, got a Python pickle");
        assertTrue(
                message(() -> Checkpoint.open(dir.resolve("nowhere")).close())
                        .contains("no such file"));
    }

    @Test
    void everyMissingFileAndTensorIsNamed() throws IOException {
        index("{'a':'x.safetensors','b':'y.safetensors','c':'z.safetensors'}");
        shard("y.safetensors", "d");
        refused("the files 'x.safetensors', 'z.safetensors' beside it");
        shard("x.safetensors", "e");
        shard("z.safetensors", "c");
        refused("expected 'a' in x.safetensors, 'b' in y.safetensors, got files without");
    }

    @Test
    void writesShardsOfASizeAndTheirIndexOrOneFile() throws IOException {
        Map<String, Source> tensors =
                Map.of(
                        "a", SafeTensorsTest.floats(1),
                        "b", SafeTensorsTest.floats(2, 3, 4),
                        "c", SafeTensorsTest.floats(5),
                        "d", SafeTensorsTest.floats(6));
        Checkpoint.write(dir, tensors, 1000);
        assertEquals(List.of("model.safetensors"), files());
        Checkpoint.write(dir, tensors, 8);
        assertEquals(
                List.of(
                        "model-00001-of-00003.safetensors",
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        "model.safetensors.index.json"),
                files());
        try (Checkpoint c = Checkpoint.open(dir)) {
            assertEquals(List.of("a", "b", "c", "d"), List.copyOf(c.entries().keySet()));
            assertEquals(4, c.get("b").data().get(JAVA_FLOAT_UNALIGNED, 8));
            assertEquals(24, c.bytes());
        }
        String index = Files.readString(dir.resolve("model.safetensors.index.json"));
        assertTrue(index.contains("\"total_size\" : 24"), index);
        assertTrue(index.contains("\"d\" : \"model-00003-of-00003.safetensors\""), index);
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.write(dir, tensors, 0));
    }

    private List<String> files() throws IOException {
        try (var all = Files.list(dir)) {
            return all.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private void shard(String file, String tensor) {
        SafeTensors.write(dir.resolve(file), Map.of(tensor, SafeTensorsTest.floats(1)));
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(
                dir.resolve("model.safetensors.index.json"),
                "{'metadata':{'total_size':8},'weight_map':%s}"
                        .formatted(weightMap)
                        .replace('\'', '"'));
    }

    private void refused(String words) {
        String message = message(() -> Checkpoint.open(dir).close());
        assertTrue(message.contains(words), message);
        assertFalse(message.contains("\n"), message);
    }

    private static String message(Runnable action) {
        return assertThrows(CheckpointException.class, action::run).getMessage();
    }
}
