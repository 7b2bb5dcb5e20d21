package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.PeftFiles;
import org.lugha.nn.Pass;
import org.lugha.optim.GradientNorm;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.JsonNode;

/** IA3, prompt and prefix tuning against PEFT: cases of {@code src/test/golden/peft_soft.py}. */
class SoftParityTest {
    /** Where what is written here is kept for PEFT to load: {@code peft_soft.py --check}. */
    private static final String WRITTEN = System.getProperty("lugha.written", "");

    @TempDir Path temp;

    static Stream<String> names() {
        return Stream.of(
                "ia3-llama",
                "ia3-gpt2",
                "prompt-llama",
                "prompt-gpt2",
                "prompt-gemma3",
                "prefix-llama",
                "prefix-gpt2",
                "prefix-bloom",
                "prefix-mistral",
                "prefix-projected");
    }

    static Stream<Arguments> cases() {
        return names().flatMap(c -> Stream.of("reference", "cpu").map(d -> Arguments.of(c, d)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAndTokens(String name, String device) {
        ParityCase c = ParityCase.of("soft/" + name);
        try (var model = load(c, device);
                var _ = Scope.open("test")) {
            PeftFiles.loadInto(model, c.folder().resolve("adapter0"));
            compare(c, c.expected("logits"), model.logits(c.tokens()).value(), 1);
            List<int[]> prompts =
                    Arrays.stream(c.json().get("input_ids").values().toArray(JsonNode[]::new))
                            .map(row -> new int[] {at(row, 0), at(row, 1), at(row, 2), at(row, 3)})
                            .toList();
            var made = model.generate(prompts, 8, Sampler.greedy(), List.of());
            assertArrayEquals(c.greedy(), made.toArray(int[][]::new));
        }
    }

    private static int at(JsonNode row, int i) {
        return row.get(i).intValue();
    }

    @ParameterizedTest
    @MethodSource("names")
    void training(String name) {
        String device = "cpu";
        ParityCase c = ParityCase.of("soft/" + name);
        try (var model = load(c, device)) {
            Attached adapter = attach(c, model);
            assertEquals(c.json().at("/lora/trainable").longValue(), model.trainableSize());
            double rel = c.tolerance("trajectory_rel");
            try (var adam = c.adam(model.trainable())) {
                for (JsonNode wanted : c.json().at("/lora/steps").values()) {
                    double loss = step(model, c, false);
                    double norm = GradientNorm.of(model.trainable());
                    assertEquals(wanted.get("loss").doubleValue(), loss, rel * loss, "loss");
                    assertEquals(wanted.get("grad_norm").doubleValue(), norm, rel * norm, "norm");
                    adam.update(
                            c.json().at("/lora/lr").doubleValue(),
                            GradientNorm.clip(
                                    norm, c.json().at("/lora/clip_grad_norm").doubleValue()));
                    model.trainable().forEach(Parameter::clearGradient);
                }
            }
            Path folder = WRITTEN.isEmpty() ? temp : Path.of(WRITTEN).resolve(name);
            PeftFiles.save(adapter, folder.resolve("adapter"), null);
            sameFiles(c.folder().resolve("adapterN"), folder.resolve("adapter"));
            try (var again = load(c, device);
                    var _ = Scope.open("test")) {
                PeftFiles.loadInto(again, folder.resolve("adapter"));
                Tensor got = model.logits(c.tokens()).value();
                assertArrayEquals(again.logits(c.tokens()).value().toArray(), got.toArray(), 1e-6);
                if (!WRITTEN.isEmpty()) {
                    SafeTensors.write(
                            folder.resolve("logits.safetensors"),
                            Map.of("logits", ModelFiles.source(got)));
                }
            }
        }
    }

    /** The same names and shapes, and values where training led. */
    private static void sameFiles(Path theirs, Path ours) {
        try (var a = SafeTensors.open(theirs.resolve(PeftFiles.WEIGHTS));
                var b = SafeTensors.open(ours.resolve(PeftFiles.WEIGHTS))) {
            assertEquals(a.entries().keySet(), b.entries().keySet());
            a.entries()
                    .forEach((key, e) ->
                            assertArrayEquals(
                                    ParityCase.values(e),
                                    ParityCase.values(b.entries().get(key)),
                                    2e-3,
                                    key));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void blocksComputedAgainGiveTheSameBits(String name) {
        ParityCase c = ParityCase.of("soft/" + name);
        double[][] all = new double[2][];
        for (int again = 0; again < 2; again++) {
            try (var model = load(c, "cpu")) {
                attach(c, model);
                step(model, c, again == 1);
                all[again] =
                        model.trainable().stream()
                                .flatMapToDouble(p -> Arrays.stream(p.gradient().toArray()))
                                .toArray();
            }
        }
        assertArrayEquals(all[0], all[1], 0);
    }

    /** As PEFT trained it; a projection begins from what the case has of it. */
    private static Attached attach(ParityCase c, CausalLM model) {
        Path start = c.folder().resolve("adapter0");
        if (!c.folder().endsWith("prefix-projected")) {
            return PeftFiles.loadInto(model, start);
        }
        Attached adapter = PeftFiles.read(start).attachTo(model, 1);
        adapter.parameters()
                .forEach((key, p) -> {
                    double[] values = c.expected("init." + key);
                    for (int i = 0; i < values.length; i++) {
                        p.value().set(i, values[i]);
                    }
                });
        return adapter;
    }

    private static double step(CausalLM model, ParityCase c, boolean again) {
        try (var _ = Tape.open()) {
            double scale = 1.0 / model.counted(c.tokens(), c.labels());
            Pass pass = model.pass(c.tokens(), true, 7).withRecompute(again);
            var loss = model.loss(c.tokens(), c.labels(), scale, pass);
            loss.backward();
            return loss.item();
        }
    }

    private static CausalLM load(ParityCase c, String device) {
        Path base = TinyModels.folder(c.json().get("base").stringValue());
        return CausalLM.load(base, Devices.get(device), DType.F32);
    }

    private static void compare(ParityCase c, double[] expected, Tensor logits, double times) {
        double[] got = logits.toArray();
        assertEquals(expected.length, got.length);
        for (int i = 0; i < got.length; i++) {
            int at = i / logits.dim(2);
            if (c.isToken(at / logits.dim(1), at % logits.dim(1))) {
                assertEquals(expected[i], got[i], times * c.tolerance("logits_abs"), "logit " + i);
            }
        }
    }
}
