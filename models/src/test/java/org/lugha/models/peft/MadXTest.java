package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.CausalLM;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import org.lugha.optim.AdamW;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/**
 * MAD-X on a small scale: a model that knows one language, a language adapter for it and one for a
 * second language, a task adapter trained in the first alone. With the language adapter swapped the
 * task is done in the second. Runs with {@code -Dlugha.long=true}.
 */
class MadXTest {
    private static final int WORDS = 12;
    private static final int FIRST = 3;
    private static final int SECOND = FIRST + WORDS;
    private static final int TASK = 28;
    private static final int HIDDEN = 16;
    @TempDir Path temp;

    @Test
    void aTaskMovesWithTheLanguageAdapter() {
        assumeTrue(Boolean.getBoolean("lugha.long"), "asked for by -Dlugha.long=true");
        try (var model = base()) {
            BottleneckAdapters task = BottleneckAdapters.usual(BottleneckKind.PFEIFFER);
            Attached first = language(model, FIRST, 1);
            PeftFiles.save(first, temp.resolve("first"), null);
            first.close();
            Attached second = language(model, SECOND, 2);
            PeftFiles.save(second, temp.resolve("second"), null);
            double without = loss(model, task(SECOND));
            second.close();

            first = PeftFiles.loadInto(model, temp.resolve("first"));
            double[] frozen = values(first);
            Attached solves = narrow(task).attachTo(model, 3);
            train(model, seed -> task(FIRST, seed), 60);
            assertArrayEquals(frozen, values(first), 0, "the language adapter stays as it was");
            double learned = loss(model, task(FIRST));
            double unswapped = loss(model, task(SECOND));
            PeftFiles.save(solves, temp.resolve("task"), null);
            solves.close();
            first.close();

            PeftFiles.loadInto(model, temp.resolve("second"));
            assertEquals(without, loss(model, task(SECOND)), 1e-6);
            PeftFiles.loadInto(model, temp.resolve("task"));
            double swapped = loss(model, task(SECOND));
            String all =
                    "task in the first language %.3f; in the second: language adapter alone %.3f,"
                            + " with the first language's %.3f, swapped %.3f";
            all = all.formatted(learned, without, unswapped, swapped);
            assertTrue(swapped < 0.6 * without && swapped < 0.6 * unswapped, all);
        }
    }

    /** Trained on the first language; the words of the second lie elsewhere, apart as theirs do. */
    private static CausalLM base() {
        CausalLM model =
                CausalLM.declare(
                        TinyModels.config(
                                "hidden_size",
                                HIDDEN,
                                "intermediate_size",
                                2 * HIDDEN,
                                "num_hidden_layers",
                                1));
        model.initialize(Devices.get("cpu"), DType.F32, 5);
        train(model, seed -> text(FIRST, seed), 80);
        for (String table : List.of("model.embed_tokens.weight", "lm_head.weight")) {
            Tensor t = model.named().get(table).value();
            for (int word = 0; word < WORDS; word++) {
                for (int d = 0; d < HIDDEN; d++) {
                    double away = 0.5 * Philox.normal(table.length(), d);
                    double there = t.get((long) (FIRST + word) * HIDDEN + d);
                    t.set((long) (SECOND + word) * HIDDEN + d, there + away);
                }
            }
        }
        return model;
    }

    private static Attached language(CausalLM model, int language, long seed) {
        BottleneckAdapters usual = BottleneckAdapters.usual(BottleneckKind.PFEIFFER);
        var config =
                new BottleneckAdapters(
                        usual.kind(),
                        false,
                        true,
                        usual.reads(),
                        2,
                        0,
                        usual.activation(),
                        1,
                        0,
                        false,
                        List.of(),
                        true,
                        2);
        Attached adapter = config.attachTo(model, seed);
        train(model, s -> text(language, s), 60);
        return adapter;
    }

    private static BottleneckAdapters narrow(BottleneckAdapters usual) {
        return new BottleneckAdapters(
                usual.kind(),
                false,
                true,
                usual.reads(),
                2,
                0,
                usual.activation(),
                1,
                0,
                false,
                List.of(),
                false,
                2);
    }

    private interface Rows {
        int[][] of(long seed);
    }

    private static void train(CausalLM model, Rows data, int steps) {
        try (AdamW adam = new AdamW(model.trainable())) {
            for (int step = 0; step < steps; step++) {
                int[][] rows = data.of(step);
                try (var _ = Tape.open()) {
                    Tokens tokens = Tokens.rows(rows);
                    model.loss(tokens, rows, 1.0 / model.counted(tokens, rows), true, step)
                            .backward();
                }
                adam.update(2e-2, 1);
                model.trainable().forEach(Parameter::clearGradient);
            }
        }
    }

    private static double loss(CausalLM model, int[][] rows) {
        try (var _ = Scope.open("test")) {
            return Arrays.stream(model.nll(Tokens.rows(rows), rows))
                    .flatMapToDouble(Arrays::stream)
                    .average()
                    .orElseThrow();
        }
    }

    private static double[] values(Attached adapter) {
        return adapter.parameters().values().stream()
                .flatMapToDouble(p -> Arrays.stream(p.value().toArray()))
                .toArray();
    }

    /** A word follows another in one of two ways. */
    private static int[][] text(int language, long seed) {
        return rows(language, seed, 10, -1, x -> 0);
    }

    private static int[][] task(int language) {
        return task(language, 1_000_000);
    }

    /** Behind its mark it is always seven words on. */
    private static int[][] task(int language, long seed) {
        return rows(language, seed, 8, TASK, x -> (x + 7) % WORDS);
    }

    private static int[][] rows(
            int language, long seed, int length, int mark, IntUnaryOperator rule) {
        int[][] rows = new int[8][length];
        for (int b = 0; b < rows.length; b++) {
            int word = (int) (Philox.uniform(seed, 1000L * b) * WORDS);
            for (int t = 0; t < length; t++) {
                rows[b][t] = language + word;
                boolean one = Philox.uniform(seed, 1000L * b + t + 1) < 0.5;
                int free = one ? (word + 1) % WORDS : (5 * word + 2) % WORDS;
                word = mark < 0 ? free : rule.applyAsInt(word);
            }
            if (mark >= 0) {
                rows[b][0] = mark;
            }
        }
        return rows;
    }
}
