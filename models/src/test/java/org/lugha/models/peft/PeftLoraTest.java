package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.CausalLM;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.SharedData;
import org.lugha.models.settings.RunConfig.LoraPlus;
import org.lugha.nn.Pass;
import org.lugha.optim.AdamW;
import org.lugha.optim.GradientNorm;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** LoRA's options against what PEFT computed: {@code src/test/golden/peft_lora.py}. */
class PeftLoraTest {
    private static final double LOGITS = 1e-4;
    private static final double TRAJECTORY = 5e-4;
    @TempDir Path temp;

    static Stream<String> cases() throws IOException {
        Path root = SharedData.beside(CausalLM.class, "golden/peft");
        try (Stream<Path> all = Files.walk(root, 3)) {
            return all
                    .filter(p -> p.getFileName().toString().equals("case.json"))
                    .map(p -> root.relativize(p.getParent()).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private record Case(Path folder, JsonNode json) {
        static Case of(String name) throws IOException {
            Path folder = SharedData.beside(CausalLM.class, "golden/peft").resolve(name);
            String text = Files.readString(folder.resolve("case.json"));
            return new Case(folder, JsonMapper.shared().readTree(text));
        }

        CausalLM load() {
            return CausalLM.load(folder.getParent(), TinyModels.device(), DType.F32);
        }

        int[][] ids(String key) {
            return json.get(key).values().stream()
                    .map(r -> r.values().stream().mapToInt(JsonNode::intValue).toArray())
                    .toArray(int[][]::new);
        }

        /** Logits of the first row, which has no padding. */
        double[] expected(String key) {
            try (SafeTensors file = SafeTensors.open(folder.resolve("expected.safetensors"))) {
                var e = file.entries().get(key);
                int n = ids("input_ids")[0].length * (int) e.shape()[2];
                double[] values = new double[n];
                for (int i = 0; i < n; i++) {
                    values[i] = DType.F32.get(e.data(), i);
                }
                return values;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computesAndTrainsAsPeftDoes(String name) throws IOException {
        Case c = Case.of(name);
        Path start = c.folder().resolve("adapter0");
        try (var model = c.load()) {
            Attached adapter =
                    Files.exists(start)
                            ? PeftFiles.loadInto(model, start)
                            : pissa(c).attachTo(model, 1);
            assertEquals(c.json().get("trainable").longValue(), model.trainableSize());
            assertArrayEquals(c.expected("logits0"), logits(c, model), LOGITS);
            train(c, model);
            assertArrayEquals(c.expected("logitsN"), logits(c, model), 20 * LOGITS);
            double[] trained = logits(c, model);
            PeftFiles.save(adapter, temp.resolve("saved"), null);
            keep(name, trained, c);
            try (var again = c.load()) {
                PeftFiles.loadInto(again, temp.resolve("saved"));
                assertArrayEquals(trained, logits(c, again), LOGITS);
            }
        }
        try (var model = c.load()) {
            PeftFiles.loadInto(model, c.folder().resolve("adapterN"));
            assertArrayEquals(c.expected("logitsN"), logits(c, model), LOGITS);
        }
    }

    private static Lora pissa(Case c) {
        JsonNode said = c.json().get("lora");
        String[] names =
                said.get("target_modules").values().stream()
                        .map(JsonNode::stringValue)
                        .toArray(String[]::new);
        return new Lora(
                        said.get("r").intValue(),
                        said.get("lora_alpha").intValue(),
                        LoraTargets.names(names))
                .with(LoraOptions.NONE.withStart(LoraStart.PISSA));
    }

    private static void train(Case c, CausalLM model) {
        double decay = c.json().get("weight_decay").doubleValue();
        double lr = c.json().get("lr").doubleValue();
        LoraPlus plus = new LoraPlus(c.json().get("plus").doubleValue(), 1e-6);
        boolean every = plus.ratio() == 1; // PEFT's LoRA+ leaves vectors out of the decay
        try (var adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, decay, every)) {
            adam.rates(p -> plus.factor(p, lr));
            for (JsonNode expected : c.json().get("steps").values()) {
                double loss = step(c, model);
                double norm = GradientNorm.of(model.trainable());
                double wanted = expected.get("loss").doubleValue();
                assertEquals(wanted, loss, TRAJECTORY * wanted, "loss");
                double wantedNorm = expected.get("grad_norm").doubleValue();
                assertEquals(wantedNorm, norm, 4 * TRAJECTORY * wantedNorm, "gradient norm");
                adam.update(lr, GradientNorm.clip(norm, 1));
                model.trainable().forEach(Parameter::clearGradient);
            }
        }
    }

    private static double step(Case c, CausalLM model) {
        Tokens rows = Tokens.rows(c.ids("input_ids"));
        int[][] labels = c.ids("labels");
        try (var _ = Tape.open()) {
            Pass pass = model.pass(rows, true, 7).withRecompute(true);
            var loss = model.loss(rows, labels, 1.0 / model.counted(rows, labels), pass);
            loss.backward();
            return loss.item();
        }
    }

    private static double[] logits(Case c, CausalLM model) {
        try (var _ = Scope.open("test")) {
            return model.logits(c.ids("input_ids")[0]).toArray();
        }
    }

    /** For a comparison by hand: {@code peft_lora.py --check}. */
    private void keep(String name, double[] logits, Case c) throws IOException {
        String to = System.getProperty("lugha.keep");
        if (to == null) {
            return;
        }
        Path folder = Path.of(to).resolve(name.replace('/', '-'));
        Files.createDirectories(folder);
        for (String file : List.of(PeftFiles.CONFIG, PeftFiles.WEIGHTS)) {
            Files.copy(temp.resolve("saved").resolve(file), folder.resolve(file));
        }
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        said.put("base", c.folder().getParent().getFileName().toString());
        int[] ids = c.ids("input_ids")[0];
        ArrayNode tokens = said.putArray("input_ids");
        for (int id : ids) {
            tokens.add(id);
        }
        ArrayNode rows = said.putArray("logits");
        int wide = logits.length / ids.length;
        for (int t = 0; t < ids.length; t++) {
            ArrayNode row = rows.addArray();
            for (int v = 0; v < wide; v++) {
                row.add(logits[t * wide + v]);
            }
        }
        Files.writeString(folder.resolve("logits.json"), said.toString());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void mergesIntoAPlainCheckpoint(String name) throws IOException {
        Case c = Case.of(name);
        try (var model = c.load()) {
            PeftFiles.loadInto(model, c.folder().resolve("adapterN"));
            new MergedWeights(model).save(temp.resolve("merged"));
        }
        try (var model = CausalLM.load(temp.resolve("merged"), TinyModels.device(), DType.F32);
                var _ = Scope.open("test")) {
            assertArrayEquals(c.expected("logitsN"), logits(c, model), LOGITS);
        }
    }
}
