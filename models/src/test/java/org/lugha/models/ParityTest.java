package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.peft.PeftFiles;
import org.lugha.nn.Pass;
import org.lugha.optim.GradientNorm;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.JsonNode;

/** What transformers and PEFT compute is computed here, on the definition and on the cpu. */
class ParityTest {
    /** The committed cases on both devices; the many others, which take longer, on the cpu. */
    static Stream<Arguments> cases() {
        List<String> both = ParityCase.committed().toList();
        return ParityCase.all()
                .flatMap(c ->
                        Stream.of("reference", "cpu")
                                .filter(d -> d.equals("cpu") || both.contains(c))
                                .map(d -> Arguments.of(c, d)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAndLoss(String name, String deviceName) {
        ParityCase c = ParityCase.of(name);
        try (var model = load(c, deviceName, Access.FROZEN);
                var _ = Scope.open("test")) {
            compare(c, c.expected("logits"), model.logits(c.tokens()).value());
            double scale = 1.0 / model.counted(c.tokens(), c.labels());
            double loss = model.loss(c.tokens(), c.labels(), scale, false, 0).item();
            assertEquals(c.json().get("loss").doubleValue(), loss, c.tolerance("loss_abs"));
            double[][] nll = model.nll(c.tokens(), c.labels());
            double mean = Stream.of(nll).mapToDouble(r -> Arrays.stream(r).sum()).sum();
            assertEquals(loss, mean * scale, 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradients(String name, String deviceName) {
        ParityCase c = ParityCase.of(name);
        try (var model = load(c, deviceName, Access.TRAINED)) {
            step(model, c);
            double norm = GradientNorm.of(model.trainable());
            assertEquals(c.json().get("grad_norm").doubleValue(), norm, 1e-4 * norm);
            c.gradients()
                    .forEach(key -> {
                        double[] expected = c.expected("grad." + key);
                        double[] got = model.named().get(key).gradient().toArray();
                        double off = distance(expected, got);
                        double allowed =
                                c.tolerance("grad_rel_l2")
                                        * distance(expected, new double[got.length]);
                        double floor = c.tolerance("grad_or_abs_of_grad_norm") * norm;
                        assertTrue(
                                off <= Math.max(allowed, floor),
                                () -> key + " is off by " + off + " of " + allowed);
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void loraLogitsAndTraining(String name, String deviceName) {
        ParityCase c = ParityCase.of(name);
        try (var model = load(c, deviceName, Access.FROZEN)) {
            PeftFiles.loadInto(model, c.folder().resolve("adapter0"));
            JsonNode trainable = c.json().at("/lora/trainable");
            if (!trainable.isMissingNode()) {
                assertEquals(trainable.longValue(), model.trainableSize());
            }
            try (var _ = Scope.open("test")) {
                compare(c, c.expected("lora_logits"), model.logits(c.tokens()).value());
            }
            double rel = c.tolerance("trajectory_rel");
            try (var adam = c.adam(model.trainable())) {
                for (JsonNode expected : c.json().at("/lora/steps").values()) {
                    double loss = step(model, c);
                    double norm = GradientNorm.of(model.trainable());
                    double wanted = expected.get("loss").doubleValue();
                    assertEquals(wanted, loss, rel * wanted, "loss");
                    double wantedNorm = expected.get("grad_norm").doubleValue();
                    assertEquals(wantedNorm, norm, rel * wantedNorm, "gradient norm");
                    double clip = c.json().at("/lora/clip_grad_norm").doubleValue();
                    double rate = c.json().at("/lora/lr").doubleValue();
                    adam.update(rate, GradientNorm.clip(norm, clip));
                    model.trainable().forEach(Parameter::clearGradient);
                }
            }
            try (var trained = load(c, deviceName, Access.FROZEN);
                    var _ = Scope.open("test")) {
                PeftFiles.loadInto(trained, c.folder().resolve("adapterN"));
                double[] wanted = trained.logits(c.tokens()).value().toArray();
                Tensor got = model.logits(c.tokens()).value();
                for (int i = 0; i < wanted.length; i++) {
                    assertEquals(wanted[i], got.get(i), 20 * c.tolerance("logits_abs"));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void greedyTokens(String name, String deviceName) {
        ParityCase c = ParityCase.of(name);
        int[][] expected = c.greedy();
        assumeTrue(expected.length > 0, "this case has no generated tokens");
        List<int[]> prompts =
                Arrays.stream(c.tokens().ids()).map(row -> Arrays.copyOf(row, 4)).toList();
        try (var model = load(c, deviceName, Access.FROZEN)) {
            var made = model.generate(prompts, expected[0].length, Sampler.greedy(), List.of());
            assertArrayEquals(expected, made.toArray(int[][]::new));
        }
    }

    @ParameterizedTest
    @MethodSource("org.lugha.models.ParityCase#committed")
    void blocksComputedAgainGiveTheSameBits(String name) {
        ParityCase c = ParityCase.of(name);
        double[][] all = new double[2][];
        for (int again = 0; again < 2; again++) {
            try (var model = load(c, "cpu", Access.TRAINED);
                    var _ = Tape.open()) {
                Pass pass = model.pass(c.tokens(), true, 7).withRecompute(again == 1);
                model.loss(c.tokens(), c.labels(), 1, pass).backward();
                all[again] =
                        model.trainable().stream()
                                .flatMapToDouble(p -> Arrays.stream(p.gradient().toArray()))
                                .toArray();
            }
        }
        assertArrayEquals(all[0], all[1], 0);
    }

    private static double step(CausalLM model, ParityCase c) {
        try (var _ = Tape.open()) {
            double scale = 1.0 / model.counted(c.tokens(), c.labels());
            var loss = model.loss(c.tokens(), c.labels(), scale, true, 7);
            loss.backward();
            return loss.item();
        }
    }

    private static CausalLM load(ParityCase c, String deviceName, Access access) {
        Device device = Devices.get(deviceName);
        return CausalLM.load(c.folder(), device, DType.F32, access);
    }

    private static void compare(ParityCase c, double[] expected, Tensor logits) {
        int vocabulary = logits.dim(2);
        double[] got = logits.toArray();
        assertEquals(expected.length, got.length);
        for (int i = 0; i < got.length; i++) {
            int at = i / vocabulary;
            if (c.isToken(at / logits.dim(1), at % logits.dim(1))) {
                assertEquals(expected[i], got[i], c.tolerance("logits_abs"), "logit " + i);
            }
        }
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
