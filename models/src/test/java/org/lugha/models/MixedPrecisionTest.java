package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Saved;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.settings.Precision;
import org.lugha.optim.AdamW;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.DeviceProvider;

/** Frozen weights and saved values in BF16: on the fast paths, and near F32. */
class MixedPrecisionTest {
    static final Device CPU = Devices.get("cpu");
    private static final Object[] SHAPE = {
        "vocab_size",
        61,
        "hidden_size",
        32,
        "intermediate_size",
        80,
        "num_attention_heads",
        4,
        "num_key_value_heads",
        2,
        "initializer_range",
        0.15,
        "attention_bias",
        true
    };
    private static final Lora LORA =
            new Lora(4, 8, LoraTargets.allLinear())
                    .withModulesToSave(List.of("embed_tokens", "norm", "lm_head"), false);

    @TempDir Path temp;

    static CausalLM tiny(Device device, Precision precision, Object... more) {
        Object[] all = Arrays.copyOf(SHAPE, SHAPE.length + more.length);
        System.arraycopy(more, 0, all, SHAPE.length, more.length);
        CausalLM model = CausalLM.declare(TinyModels.config(all));
        model.initialize(device, precision.weights(), 3);
        return model;
    }

    static Tokens tokens(int rows, int length) {
        int[][] ids = new int[rows][length];
        for (int b = 0; b < rows; b++) {
            for (int t = 0; t < length; t++) {
                ids[b][t] = (int) (61 * Philox.uniform(9, (long) b * length + t));
            }
        }
        return Tokens.rows(ids);
    }

    static double step(CausalLM model, Tokens tokens, int[][] labels, Saved saved) {
        return step(model, tokens, labels, saved, false);
    }

    /** Loss of a step, whose gradients the parameters then have. */
    static double step(
            CausalLM model, Tokens tokens, int[][] labels, Saved saved, boolean recompute) {
        try (var _ = Tape.open(saved)) {
            double scale = 1.0 / model.counted(tokens, labels);
            var pass = model.pass(tokens, true, 7).withRecompute(recompute);
            var loss = model.loss(tokens, labels, scale, pass);
            loss.backward();
            return loss.item();
        }
    }

    // ---- on the fast paths

    private static final class Warnings extends Handler {
        private final List<String> said = new ArrayList<>();

        @Override
        public void publish(LogRecord r) {
            said.add(r.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void nothingTakesTheSlowPath() {
        Device device = // of its own: a family warns once
                ServiceLoader.load(DeviceProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(p -> p.name().equals("cpu"))
                        .findFirst()
                        .orElseThrow()
                        .open(0);
        Logger log = Logger.getLogger("org.lugha.runtime");
        Warnings warnings = new Warnings();
        log.addHandler(warnings);
        try {
            try (var model = tiny(device, Precision.BF16)) {
                Attached adapter = LORA.withDropout(0.1).attachTo(model, 1);
                Tokens tokens = tokens(2, 16);
                step(model, tokens, tokens.ids(), Saved.BF16);
                model.nll(tokens, tokens.ids());
                model.generate(
                        List.of(new int[] {1, 2, 3}, new int[9]), 3, Sampler.greedy(), List.of());
                adapter.close();
                model.nll(tokens, tokens.ids());
                model.generate(new int[] {1, 2, 3}, 3, Sampler.greedy(), List.of());
                try (var _ = Scope.open("test")) {
                    assertEquals(DType.F32, model.logits(tokens).value().dtype());
                }
            }
            assertEquals(List.of(), warnings.said);
            try (var _ = Scope.open("test")) {
                Var.of(Tensor.randn(device, DType.F64, Shape.of(4, 4), 1)).softmax();
            }
            assertTrue(warnings.said.toString().contains("SoftmaxKernel"), "the listener listens");
        } finally {
            log.removeHandler(warnings);
        }
    }

    @Test
    void aBf16CheckpointStaysInItsFilesAndAdaptersAreF32() {
        Path folder = temp.resolve("model");
        try (var model = tiny(CPU, Precision.BF16)) {
            model.save(folder);
        }
        long before = CPU.memory().usage().live();
        try (var model = CausalLM.load(folder, CPU, DType.BF16)) {
            assertEquals(before, CPU.memory().usage().live());
            LORA.attachTo(model, 1);
            assertEquals(before + 4 * model.trainableSize(), CPU.memory().usage().live());
            Tokens tokens = tokens(2, 16);
            step(model, tokens, tokens.ids(), Saved.BF16);
            for (Parameter p : model.trainable()) {
                assertEquals(DType.F32, p.value().dtype(), p.name());
                assertEquals(DType.F32, p.gradient().dtype(), p.name());
            }
            assertEquals(DType.BF16, model.dtype());
        }
    }

    @Test
    void whatIsGeneratedIsWhatTheLogitsSay() {
        try (var model = tiny(CPU, Precision.BF16);
                var _ = Scope.open("test")) {
            int[] prompt = {5, 9, 4};
            int[] made = model.generate(prompt, 6, Sampler.greedy(), List.of());
            int[] all = Arrays.copyOf(prompt, 9);
            System.arraycopy(made, 0, all, 3, 6);
            double[] logits = model.logits(all).toArray();
            for (int t = 2; t < 8; t++) {
                int best = 0;
                for (int v = 1; v < 61; v++) {
                    best = logits[61 * t + v] > logits[61 * t + best] ? v : best;
                }
                assertEquals(best, made[t - 2], "token " + t);
            }
        }
    }

    // ---- near F32

    /** Losses of fifty steps. */
    private static List<Double> curve(
            CausalLM model, Tokens tokens, int[][] labels, double lr, Saved saved) {
        List<Double> losses = new ArrayList<>();
        try (model;
                var adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0, true)) {
            for (int i = 0; i < 50; i++) {
                losses.add(step(model, tokens, labels, saved));
                adam.update(lr, 1);
                model.trainable().forEach(Parameter::clearGradient);
            }
        }
        return losses;
    }

    private static void assertClose(List<Double> exact, List<Double> mixed, double bound) {
        for (int i = 0; i < exact.size(); i++) {
            assertEquals(1, mixed.get(i) / exact.get(i), bound, "step " + (i + 1));
        }
        assertTrue(exact.getLast() < 0.6 * exact.getFirst(), "it learns: " + exact);
    }

    private static CausalLM adapted(Precision precision, Lora lora) {
        CausalLM model = tiny(CPU, precision);
        lora.attachTo(model, 1);
        return model;
    }

    /** Measured: 2.4e-4 of the loss at most. */
    @Test
    void fiftyStepsStayNearF32AndRepeatBitForBit() {
        Lora lora = new Lora(4, 8, LoraTargets.allLinear());
        Tokens t = tokens(4, 16);
        List<List<Double>> curves = new ArrayList<>();
        for (Precision p : List.of(Precision.F32, Precision.BF16, Precision.BF16)) {
            curves.add(curve(adapted(p, lora), t, t.ids(), 2e-3, p.saved()));
        }
        assertClose(curves.getFirst(), curves.getLast(), 2e-3);
        assertEquals(curves.get(1), curves.getLast());
    }

    /**
     * Measured: 5.6e-3 of the loss at most, nearly all of it from the weights that were rounded;
     * 1.8e-4 where only what is saved is.
     */
    @Test
    void fiftyStepsOfAReferenceModelStayNearF32() {
        ParityCase c = ParityCase.of("parity/cases/llama");
        List<Double> exact = curve(c, DType.F32, Saved.EXACT);
        assertClose(exact, curve(c, DType.F32, Saved.BF16), 1e-3);
        assertClose(exact, curve(c, DType.BF16, Saved.BF16), 1e-2);
    }

    private static List<Double> curve(ParityCase c, DType weights, Saved saved) {
        CausalLM model = CausalLM.load(c.folder(), CPU, weights);
        PeftFiles.loadInto(model, c.folder().resolve("adapter0"));
        return curve(model, c.tokens(), c.labels(), 1e-3, saved);
    }

    private static double[] gradients(Precision weights, Saved saved, boolean recompute) {
        try (var model = adapted(weights, LORA)) {
            Tokens t = tokens(4, 16);
            for (Parameter p : model.trainable()) {
                if (p.name().endsWith("lora_B.weight")) {
                    try (var _ = Scope.open("test")) {
                        p.bind(Tensor.rand(CPU, DType.F32, p.shape(), -0.1, 0.1, 5));
                    }
                }
            }
            step(model, t, t.ids(), saved, recompute);
            return model.trainable().stream()
                    .flatMapToDouble(p -> Arrays.stream(p.gradient().toArray()))
                    .toArray();
        }
    }

    /** Measured, as a share of the norm: 3.1e-3 with F32 weights, 9.8e-3 with rounded ones. */
    @Test
    void gradientsAreWithinTwoPercent() {
        double[] exact = gradients(Precision.F32, Saved.EXACT, false);
        for (Precision weights : Precision.values()) {
            double[] mixed = gradients(weights, Saved.BF16, false);
            double norm = 0;
            double off = 0;
            for (int i = 0; i < exact.length; i++) {
                norm += exact[i] * exact[i];
                off += (exact[i] - mixed[i]) * (exact[i] - mixed[i]);
            }
            double relative = Math.sqrt(off / norm);
            double bound = weights == Precision.F32 ? 1e-2 : 2e-2;
            assertTrue(relative < bound, weights + " weights: relative error " + relative);
        }
    }

    @Test
    void theSameBitsComeAgainAndWithBlocksComputedAgain() {
        double[] once = gradients(Precision.BF16, Saved.BF16, false);
        assertArrayEquals(once, gradients(Precision.BF16, Saved.BF16, false));
        assertArrayEquals(once, gradients(Precision.BF16, Saved.BF16, true));
    }
}
