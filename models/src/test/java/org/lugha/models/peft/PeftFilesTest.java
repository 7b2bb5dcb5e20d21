package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Adapters read and written in PEFT's layout. */
class PeftFilesTest {
    private static final String Q =
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
    @TempDir Path temp;

    @ParameterizedTest
    @MethodSource("org.lugha.models.ParityCase#committed")
    void whatPeftWroteIsWrittenAgain(String name) throws IOException {
        Path from = TinyModels.folder(name).resolve("adapterN");
        Path first = temp.resolve("first");
        Path second = temp.resolve("second");
        copy(name, from, first);
        copy(name, first, second);
        Path weights = first.resolve("adapter_model.safetensors");
        assertEquals(-1, Files.mismatch(weights, from.resolve("adapter_model.safetensors")));
        for (String file : List.of(PeftFiles.CONFIG, PeftFiles.WEIGHTS)) {
            assertEquals(-1, Files.mismatch(first.resolve(file), second.resolve(file)), file);
        }
        Lora saved = (Lora) PeftFiles.read(from);
        if (name.equals("bloom")) { // PEFT itself would not tie what it wrote here
            List<String> modules = new ArrayList<>(saved.modulesToSave());
            modules.add("lm_head");
            saved = saved.withModulesToSave(modules, true);
        }
        assertEquals(saved, PeftFiles.read(first));
    }

    private static void copy(String name, Path from, Path to) {
        try (var model = load(name)) {
            PeftFiles.save(PeftFiles.loadInto(model, from), to, "some/base");
        }
    }

    @Test
    void allLinearIsSpelledOut() {
        try (var model = load("biases")) {
            var lora = new Lora(2, 3.5, LoraTargets.allLinear());
            lora.attachTo(model, 1);
            ObjectNode j = lora.toJson(model, null);
            assertEquals(7, j.get("target_modules").size());
            assertEquals(3.5, j.get("lora_alpha").doubleValue());
            assertFalse(j.has("ensure_weight_tying"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    init_lora_weights | "pissa"
                    target_parameters | ["x"]
                    layer_replication | [[0, 1]]
                    alora_invocation_tokens | [3]
                    something_new | 4
                    """)
    void optionsThatWouldChangeTheResultAreRefusedByName(String key, String value) {
        ObjectNode j = (ObjectNode) JsonMapper.shared().readTree("{\"target_modules\": [\"q\"]}");
        assertEquals(8, Lora.of(new ConfigJson("adapter_config.json", j)).rank());
        j.set(key, JsonMapper.shared().readTree(value));
        var e = assertThrows(RequestException.class, () -> Lora.of(new ConfigJson("file", j)));
        assertEquals(
                "file: "
                        + key
                        + ": expected it absent or off, the only value supported, got "
                        + JsonMapper.shared().readTree(value),
                e.getMessage());
    }

    @Test
    void adaptersThatDoNotFitAreRefusedInOneLine() throws IOException {
        Path nowhere = temp.resolve("nowhere");
        assertTrue(message(nowhere).contains("there is no adapter_config.json"));
        Path other = TinyModels.folder("bf16-shards").resolve("adapter0");
        assertTrue(message(other).contains("q_proj.lora_B.weight F32[24, 2] (needed: [16, 2])"));
        Path wrong = Files.createDirectory(temp.resolve("wrong"));
        Path right = TinyModels.folder("biases").resolve("adapter0");
        Files.copy(right.resolve(PeftFiles.WEIGHTS), wrong.resolve(PeftFiles.WEIGHTS));
        String config = Files.readString(right.resolve(PeftFiles.CONFIG));
        Files.writeString(wrong.resolve(PeftFiles.CONFIG), config.replace("\"r\": 2", "\"r\": 3"));
        assertTrue(
                message(wrong)
                        .contains(
                                "mis-shaped base_model.model.model.layers.0.mlp.down_proj.lora_A.weight"
                                        + " F32[2, 28] (needed: [3, 28])"));
        String rename = config.replace("\"q_proj\"", "\"x_proj\"");
        Files.writeString(wrong.resolve(PeftFiles.CONFIG), rename);
        assertTrue(message(wrong).contains("unexpected " + Q));
        Files.writeString(wrong.resolve(PeftFiles.CONFIG), config);
        Files.delete(wrong.resolve(PeftFiles.WEIGHTS));
        try (var all = SafeTensors.open(right.resolve(PeftFiles.WEIGHTS))) {
            Map<String, Source> but = new HashMap<>();
            all.entries().forEach((k, e) -> but.put(k, e.source()));
            but.remove(Q);
            SafeTensors.write(wrong.resolve(PeftFiles.WEIGHTS), but);
        }
        assertTrue(message(wrong).contains("missing " + Q + ";"));
        Files.delete(wrong.resolve(PeftFiles.WEIGHTS));
        Files.createFile(wrong.resolve("adapter_model.bin"));
        assertTrue(message(wrong).contains("a pickle (adapter_model.bin) is not read"));
        Files.writeString(wrong.resolve(PeftFiles.CONFIG), "{\"peft_type\": \"LOHA\"}");
        assertTrue(message(wrong).endsWith("BOTTLENECK, got LOHA"));
    }

    private static String message(Path folder) {
        try (var model = load("biases")) {
            var e = assertThrows(RequestException.class, () -> PeftFiles.loadInto(model, folder));
            assertTrue(model.modules().values().stream().allMatch(m -> m.adapters().isEmpty()));
            assertFalse(e.getMessage().contains("\n"));
            return e.getMessage();
        }
    }

    private static CausalLM load(String name) {
        return CausalLM.load(TinyModels.folder(name), TinyModels.device(), DType.F32);
    }

    @ParameterizedTest
    @MethodSource("org.lugha.models.ParityCase#committed")
    void aMergedModelComputesWhatModelAndAdapterDo(String name) {
        int[] ids = {4, 7, 9, 11};
        Path merged = temp.resolve("merged");
        double[] wanted;
        double[] before;
        boolean tied;
        List<Integer> ends;
        try (var model = load(name);
                var _ = Scope.open("test")) {
            tied = model.config().isTied();
            ends = model.endIds();
            before = model.logits(ids).toArray();
            PeftFiles.loadInto(model, TinyModels.folder(name).resolve("adapterN"));
            wanted = model.logits(ids).toArray();
            new MergedWeights(model).save(merged);
        }
        try (var model = CausalLM.load(merged, TinyModels.device(), DType.F32);
                var _ = Scope.open("test")) {
            assertArrayEquals(wanted, model.logits(ids).toArray(), 1e-5);
            assertFalse(Arrays.equals(before, wanted));
            // one case trains the input's table alone
            assertEquals(tied && !name.equals("bf16-shards"), model.config().isTied());
            assertEquals(ends, model.endIds());
        }
    }

    @Test
    void tiedTablesAreWrittenUnderBothNames() {
        Path adapter = TinyModels.folder("tied-llama3").resolve("adapterN");
        try (var file = SafeTensors.open(adapter.resolve(PeftFiles.WEIGHTS))) {
            assertTrue(file.entries().containsKey("base_model.model.lm_head.weight"));
            assertTrue(file.entries().containsKey("base_model.model.model.embed_tokens.weight"));
        }
    }
}
