package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.CheckpointException;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.SharedData;
import org.lugha.models.checkpoint.Source;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;

/** Folders read and written, and what is said of those that do not fit. */
class ModelFilesTest {
    @TempDir Path temp;

    @ParameterizedTest
    @MethodSource("org.lugha.models.ParityCase#committed")
    void loadSaveLoadGivesTheSameBytes(String name) throws IOException {
        Path first = temp.resolve("first");
        Path second = temp.resolve("second");
        DType type;
        try (var files = Checkpoint.open(TinyModels.folder(name))) {
            var any = files.entries().values().iterator().next();
            type = DType.valueOf(any.dtype().name());
        }
        copy(TinyModels.folder(name), type, first);
        copy(first, type, second);
        for (String file : List.of("config.json", "model.safetensors")) {
            assertEquals(-1, Files.mismatch(first.resolve(file), second.resolve(file)), file);
        }
        try (var before = Checkpoint.open(TinyModels.folder(name));
                var after = Checkpoint.open(second)) {
            List<String> weights =
                    before.entries().keySet().stream()
                            .filter(k -> !k.matches(".*\\.attn\\.(masked_)?bias")) // no weights
                            .toList();
            assertEquals(weights.size(), after.entries().size());
            for (String k : weights) {
                var e =
                        after.find(k)
                                .or(() -> after.find("transformer." + k))
                                .orElseGet(() -> after.get("model." + k));
                assertEquals(-1, before.get(k).data().mismatch(e.data()), k);
            }
        }
    }

    private static void copy(Path from, DType type, Path to) {
        try (var model = CausalLM.load(from, TinyModels.device(), type)) {
            model.save(to);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FROZEN", "TRAINED", "TRAINED_MAPPED"})
    void weightsAreMappedOrCopiedAndFilesStayAsTheyAre(String how) throws IOException {
        Path folder = temp.resolve("model");
        try (var model = TinyModels.llama()) {
            model.save(folder);
        }
        byte[] before = Files.readAllBytes(folder.resolve("model.safetensors"));
        long live = TinyModels.device().memory().usage().live();
        Access access = Access.valueOf(how);
        try (var model = CausalLM.load(folder, TinyModels.device(), DType.F32, access)) {
            long used = TinyModels.device().memory().usage().live() - live;
            assertEquals(access == Access.TRAINED ? 4 * model.size() : 0, used);
            assertEquals(access == Access.FROZEN ? 0 : model.size(), model.trainableSize());
            if (access != Access.FROZEN) {
                model.parts().embedding().weight().value().set(0, 42);
            }
        }
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("model.safetensors")));
    }

    @Test
    void everythingThatDoesNotFitIsSaidAtOnce() throws IOException {
        Path folder =
                changed(
                        TinyModels.folder("biases"),
                        tensors -> {
                            Source q = tensors.remove("model.layers.0.self_attn.q_proj.weight");
                            tensors.put("model.layers.0.self_attn.queer.weight", q);
                            tensors.put("model.norm.weight", q);
                            tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", q);
                        });
        var e = assertThrows(RequestException.class, () -> load(folder));
        assertEquals(
                "load "
                        + folder
                        + ": the tensors do not fit config.json; missing:"
                        + " model.layers.0.self_attn.q_proj.weight; unexpected:"
                        + " model.layers.0.self_attn.queer.weight; of another shape or type:"
                        + " model.norm.weight F32[16, 16] (config.json asks for [16]); is"
                        + " config.json the one of these weights?",
                e.getMessage());
    }

    @Test
    void aDecoderWithoutItsPrefixAndAnUntiedTableLoad() throws IOException {
        Path bare =
                changed(
                        TinyModels.folder("tied-llama3"),
                        tensors -> {
                            for (String key : List.copyOf(tensors.keySet())) {
                                tensors.put(key.substring("model.".length()), tensors.remove(key));
                            }
                        });
        Path untied =
                changed(
                        TinyModels.folder("tied-llama3"),
                        tensors -> tensors.put("lm_head.weight", constant(59, 16)));
        try (var a = load(TinyModels.folder("tied-llama3"));
                var b = load(bare);
                var c = load(untied);
                var _ = Scope.open("test")) {
            assertArrayEquals(a.logits(5, 6).toArray(), b.logits(5, 6).toArray());
            assertTrue(a.config().isTied());
            assertFalse(c.config().isTied());
            assertEquals(c.logits(5, 6).get(0), c.logits(5, 6).get(1), 1e-9);
        }
    }

    @Test
    void aModelWrittenInShardsIsTheSame() {
        Path whole = temp.resolve("whole");
        Path shards = temp.resolve("shards");
        Path again = temp.resolve("again");
        try (var model = TinyModels.llama()) {
            model.save(whole);
            model.save(shards, 500);
        }
        assertTrue(Files.exists(shards.resolve("model.safetensors.index.json")));
        try (var model = load(shards)) {
            model.save(again);
        }
        assertEquals(-1, mismatch(whole, again, "model.safetensors"));
        assertEquals(-1, mismatch(whole, again, "config.json"));
    }

    private static long mismatch(Path a, Path b, String file) {
        try {
            return Files.mismatch(a.resolve(file), b.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    llama | num_hidden_layers | 2000000000
                    gpt2  | n_layer           | 2000000000
                    gpt2  | n_embd            | 2147483640
                    bloom | n_embed           | 2147483640
                    """)
    void sizesThatCannotBeAreRefused(String family, String key, int size) {
        var config = TinyModels.config("model_type", family, key, size, "n_head", 1);
        var e = assertThrows(RequestException.class, () -> CausalLM.declare(config));
        assertTrue(e.getMessage().contains(key + ": expected at most"), e.getMessage());
    }

    @Test
    void aConfigurationThatIsNoTextIsRefused() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("model"));
        Files.write(folder.resolve("config.json"), new byte[] {'{', '"', (byte) 0xFF});
        assertTrue(message(folder).contains("expected UTF-8"));
        Files.writeString(folder.resolve("config.json"), "{\"a\": " + "[".repeat(10_000));
        assertTrue(message(folder).contains("expected JSON"));
        Files.write(folder.resolve("config.json"), new byte[16_000_001]);
        assertTrue(message(folder).contains("expected at most 16000000 bytes"));
    }

    @Test
    void unusableFoldersAreRefusedInOneLine() throws IOException {
        Path nowhere = temp.resolve("nowhere");
        assertTrue(message(nowhere).startsWith("load " + nowhere + ": expected a folder"));
        Path empty = Files.createDirectory(temp.resolve("empty"));
        assertTrue(message(empty).contains("there is no such file"));
        Path cut = temp.resolve("cut");
        try (var model = TinyModels.llama()) {
            model.save(cut);
        }
        Path weights = cut.resolve("model.safetensors");
        byte[] all = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(all, all.length - 10));
        assertTrue(message(cut).contains("cut short"));
        Files.delete(weights);
        assertTrue(message(cut).contains("expected model.safetensors"));
        Files.writeString(cut.resolve("config.json"), "{\"model_type\": ");
        assertTrue(message(cut).contains("expected JSON"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "mt5"})
    void otherFamiliesAreRefusedByName(String name) {
        Path folder = SharedData.path("parity/cases/" + name);
        String type = ModelFiles.config(folder).text("model_type", "");
        String message = message(folder);
        String expected = ": model_type: expected a supported family (";
        assertTrue(message.startsWith(folder.resolve("config.json") + expected), message);
        assertTrue(message.endsWith("), got \"" + type + '"'), message);
    }

    @Test
    void familiesOfTheModuleAndOfTheClassPathAgree() throws IOException {
        Path classes = Path.of("target/classes");
        try (var in = Files.newInputStream(classes.resolve("module-info.class"))) {
            List<String> provided =
                    ModuleDescriptor.read(in).provides().stream()
                            .filter(p -> p.service().equals(ModelFamily.class.getName()))
                            .flatMap(p -> p.providers().stream())
                            .toList();
            Path services = classes.resolve("META-INF/services/" + ModelFamily.class.getName());
            assertEquals(provided, Files.readAllLines(services));
        }
        var unknown = TinyModels.config("model_type", "marrow");
        var e = assertThrows(RequestException.class, () -> CausalLM.declare(unknown));
        assertTrue(e.getMessage().endsWith("qwen3), got \"marrow\""), e.getMessage());
        assertTrue(e.getMessage().contains(" llama, mistral, "), e.getMessage());
    }

    private String message(Path folder) {
        RuntimeException e = assertThrows(RuntimeException.class, () -> load(folder));
        assertTrue(e instanceof RequestException || e instanceof CheckpointException, e::toString);
        assertFalse(e.getMessage().contains("\n"));
        return e.getMessage();
    }

    private static CausalLM load(Path folder) {
        return CausalLM.load(folder, TinyModels.device(), DType.F32);
    }

    private static Source constant(int rows, int columns) {
        return Source.of(
                Dtype.F32,
                new long[] {rows, columns},
                MemorySegment.ofArray(new float[rows * columns]));
    }

    private interface Change {
        void apply(Map<String, Source> tensors);
    }

    private Path changed(Path from, Change change) throws IOException {
        Path to = Files.createTempDirectory(temp, "changed");
        Files.copy(from.resolve("config.json"), to.resolve("config.json"));
        try (var read = Checkpoint.open(from)) {
            Map<String, Source> tensors = new HashMap<>();
            read.entries().forEach((k, e) -> tensors.put(k, e.source()));
            change.apply(tensors);
            SafeTensors.write(to.resolve("model.safetensors"), tensors);
        }
        return to;
    }
}
