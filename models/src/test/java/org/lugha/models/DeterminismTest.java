package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Saved;
import org.lugha.autograd.Tape;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;

/**
 * The same seed gives the same bits of the loss and of every gradient: interpreted and compiled, in
 * the first step and after hundreds, on one thread and on several, with blocks computed again and
 * not. What depends on the JVM runs in one of its own.
 */
class DeterminismTest {
    private static final int HOT = 200;

    /** Tokens of a step. */
    private static final int SMALL = 6;

    private static final int LARGE = 160;

    /** What one process found, a line a gradient. */
    private record Found(List<String> first, List<String> later, List<String> large) {}

    @Test
    void theSameSeedGivesTheSameBits() throws IOException, InterruptedException {
        Process interpreted = java("-Xint", "-Dlugha.threads=1");
        Process one = java("-Xshare:auto", "-Dlugha.threads=1");
        Process three = java("-Xshare:auto", "-Dlugha.threads=3");
        Found expected = found(one);
        assertTrue(expected.first.size() > 20, "loss and gradients, twice: " + expected.first);
        assertEquals(expected.first, expected.later, "after " + HOT + " steps");
        Found many = found(three);
        assertEquals(expected.first, many.first, "three threads");
        assertEquals(expected.large, many.large, "three threads");
        assertEquals(expected.first, many.later, "three threads, after " + HOT + " steps");
        assertEquals(expected.first, found(interpreted).first, "interpreted");
    }

    @Test
    void anotherSeedGivesOtherBits() {
        assertTrue(
                !step(true, false, 1, SMALL).equals(step(true, false, 2, SMALL)), "dropout drops");
    }

    /** A block computed again is rounded as the first time. */
    @Test
    void roundedTapesRecomputeTheSameBits() {
        for (boolean lora : new boolean[] {false, true}) {
            assertEquals(
                    step(lora, false, 7, LARGE, Saved.BF16),
                    step(lora, true, 7, LARGE, Saved.BF16));
        }
    }

    /** For a process of its own: prints what {@link #found} reads. */
    public static void main(String[] args) {
        if (args[0].equals("-Xint")) {
            List<String> all = new ArrayList<>(step(false, true, 7, SMALL));
            all.addAll(step(true, false, 7, SMALL));
            print("first", all);
            return;
        }
        print("first", steps(SMALL));
        for (int i = 0; i < HOT; i++) {
            step(i % 2 == 0, i % 4 < 2, i, SMALL);
        }
        print("later", steps(SMALL));
        print("large", steps(LARGE));
    }

    private static void print(String what, List<String> lines) {
        lines.forEach(l -> System.out.println(what + " " + l));
    }

    /** Full training and LoRA, each with blocks kept and computed again, which is the same. */
    private static List<String> steps(int length) {
        List<String> all = new ArrayList<>();
        for (boolean lora : new boolean[] {false, true}) {
            List<String> kept = step(lora, false, 7, length);
            List<String> recomputed = step(lora, true, 7, length);
            if (!kept.equals(recomputed)) {
                throw new AssertionError("recomputed: " + recomputed + ", kept: " + kept);
            }
            all.addAll(kept);
        }
        return all;
    }

    private static List<String> step(boolean lora, boolean recompute, long seed, int length) {
        return step(lora, recompute, seed, length, Saved.EXACT);
    }

    /** Name and hash of the loss and of every gradient of one step on the cpu. */
    private static List<String> step(
            boolean lora, boolean recompute, long seed, int length, Saved saved) {
        boolean small = length == SMALL;
        try (CausalLM model = model(lora, small ? 1 : 2);
                var _ = Tape.open(saved)) {
            int[][] ids = new int[small ? 1 : 3][length];
            for (int b = 0; b < ids.length; b++) {
                for (int t = 0; t < length; t++) {
                    ids[b][t] = (int) (61 * Philox.uniform(b, t));
                }
            }
            Tokens rows = Tokens.rows(ids);
            var pass = model.pass(rows, true, seed).withRecompute(recompute);
            var loss = model.loss(rows, ids, 1.0 / 99, pass);
            loss.backward();
            List<String> lines = new ArrayList<>();
            lines.add(line("loss", loss.item()));
            for (Parameter p : model.trainable()) {
                lines.add(line(p.name(), p.gradient().toArray()));
            }
            return lines;
        }
    }

    private static CausalLM model(boolean lora, int layers) {
        Device cpu = Devices.get("cpu");
        var config =
                TinyModels.config(
                        "vocab_size",
                        61,
                        "hidden_size",
                        40,
                        "intermediate_size",
                        56,
                        "num_hidden_layers",
                        layers,
                        "max_position_embeddings",
                        256,
                        "tie_word_embeddings",
                        true);
        CausalLM model = CausalLM.declare(config);
        model.initialize(cpu, DType.F32, 5);
        if (lora) {
            new Lora(3, 6, LoraTargets.allLinear()).withDropout(0.2).attachTo(model, 1);
            for (Parameter p : model.trainable()) { // B begins at 0, and A without a gradient
                for (long i = 0; i < p.shape().count(); i++) {
                    p.value().set(i, 0.4 * Philox.uniform(9, i) - 0.2);
                }
            }
        }
        return model;
    }

    private static String line(String name, double... values) {
        long hash = 1;
        for (double v : values) {
            hash = 31 * hash + Double.doubleToRawLongBits(v);
        }
        return String.format(Locale.ROOT, "%s %016x", name, hash);
    }

    private static Process java(String mode, String threads) throws IOException {
        // Interpreted, the JVM does not know its widest vectors.
        Matcher bits = Pattern.compile("(\\d+)[ -]bit").matcher(Devices.get("cpu").description());
        assertTrue(bits.find(), Devices.get("cpu").description());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        mode,
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlugha.vector.bits=" + bits.group(1),
                        threads,
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeterminismTest.class.getName(),
                        mode)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Found found(Process java) throws IOException, InterruptedException {
        String out = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), out);
        return new Found(starting("first", out), starting("later", out), starting("large", out));
    }

    private static List<String> starting(String what, String out) {
        return out.lines()
                .filter(l -> l.startsWith(what + " "))
                .map(l -> l.substring(what.length() + 1))
                .toList();
    }
}
