package org.lugha.models.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.autograd.GradCheck;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.Attention;
import org.lugha.autograd.testkit.StrictMemory;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.Sampler;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import org.lugha.optim.GradientNorm;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/** The dropout that GPT-2 and BLOOM have in their own layers: in training alone. */
@StrictMemory
class BaseDropoutTest {
    private static final int[][] IDS = {{4, 7, 9, 11, 3, 5, 6, 8, 2, 1}};

    /** Every place where a base model drops, alone. */
    @ParameterizedTest
    @CsvSource({
        "gpt2, resid_pdrop",
        "gpt2, embd_pdrop",
        "gpt2, attn_pdrop",
        "bloom, hidden_dropout",
        "bloom, attention_dropout"
    })
    void dropsInTrainingAloneAsTheSeedSays(String family, String key) {
        try (var plain = model(family, key, 0.0);
                var drops = model(family, key, 0.5)) {
            double[] kept = step(plain, true, 1);
            assertArrayEquals(kept, step(plain, false, 1));
            assertArrayEquals(kept, step(drops, false, 1));
            double[] dropped = step(drops, true, 1);
            assertNotEquals(kept[0], dropped[0]);
            assertNotEquals(kept[1], dropped[1]);
            assertArrayEquals(dropped, step(drops, true, 1));
            assertNotEquals(dropped[0], step(drops, true, 2)[0]);
        }
    }

    /** What is hidden is hidden, what is left is what attention without dropout computes. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void droppingNothingIsAttention(boolean slopes, boolean segments) {
        int[][] first = {{0, 0, 2, 2, 2}, {0, 0, 0, 0, 0}};
        int[][] end = {{2, 2, 5, 5, 5}, {5, 5, 5, 5, 5}};
        Mask mask = segments ? Mask.causal().withSegments(first, end) : Mask.causal();
        Scores plain = Scores.scaled(0.7, mask).withSoftCap(segments ? 3 : 0);
        Scores scores = slopes ? plain.withSlopes(Scores.alibiSlopes(3)) : plain;
        try (var _ = Scope.open("test")) {
            Var[] qkv = new Var[3];
            for (int i = 0; i < 3; i++) {
                Shape shape = Shape.of(2, 5, 3, 4);
                qkv[i] = Var.of(Tensor.randn(TinyModels.device(), DType.F64, shape, i));
            }
            double[] wanted = new Attention(scores).apply(qkv).value().toArray();
            Var same = new DroppedAttention(scores, 0, 1).apply(qkv[0], qkv[1], qkv[2]);
            assertArrayEquals(wanted, same.value().toArray(), 1e-12);
            double[] mean = new double[wanted.length];
            int n = 600;
            for (int i = 0; i < n; i++) {
                try (var _ = Scope.open("one")) {
                    Var y = new DroppedAttention(scores, 0.3, i).apply(qkv[0], qkv[1], qkv[2]);
                    double[] one = y.value().toArray();
                    Arrays.setAll(mean, j -> mean[j] + one[j] / n);
                }
            }
            assertArrayEquals(wanted, mean, 0.22);
        }
    }

    /** Several query heads to a key head. */
    @Test
    void groupsOfHeadsShareTheirKeys() {
        Scores scores = Scores.scaled(0.7, Mask.causal().withWindow(3)).withSoftCap(4);
        try (var _ = Scope.open("test")) {
            var device = TinyModels.device();
            Var q = Var.of(Tensor.randn(device, DType.F64, Shape.of(2, 5, 6, 4), 1));
            Var k = Var.of(Tensor.randn(device, DType.F64, Shape.of(2, 5, 2, 4), 2));
            Var v = Var.of(Tensor.randn(device, DType.F64, Shape.of(2, 5, 2, 4), 3));
            assertArrayEquals(
                    new Attention(scores).apply(q, k, v).value().toArray(),
                    new DroppedAttention(scores, 0, 1).apply(q, k, v).value().toArray(),
                    1e-12);
            var drops = new DroppedAttention(scores, 0.4, 5);
            GradCheck.of(in -> drops.apply(in[0], in[1], in[2]))
                    .inputs(q.value(), k.value(), v.value())
                    .check();
        }
    }

    @Test
    void whoTrainsIsTold() {
        try (var gpt2 = model("gpt2", "attn_pdrop", 0.25);
                var bloom = model("bloom", "hidden_dropout", 0.5);
                var plain = model("bloom", "n_layer", 1)) {
            var notes = gpt2.config().trainingNotes();
            assertEquals(1, notes.size());
            assertTrue(notes.getFirst().contains("attn_pdrop 0.25"), notes.getFirst());
            assertEquals(
                    List.of(
                            "the base model drops in training as its config.json says:"
                                    + " hidden_dropout 0.5"),
                    bloom.config().trainingNotes());
            assertEquals(List.of(), plain.config().trainingNotes());
        }
    }

    @Test
    void textsLongerThanTheTableOfPositionsAreRefused() {
        try (var model = model("gpt2", "n_positions", 6)) {
            var e = assertThrows(RequestException.class, () -> model.logits(1, 2, 3, 4, 5, 6, 7));
            assertTrue(
                    e.getMessage().startsWith("positions: expected texts of at most 6 tokens"),
                    e.getMessage());
            assertFalse(e.getMessage().contains("\n"));
            int[] five = {1, 2, 3, 4, 5};
            assertEquals(2, model.generate(five, 2, Sampler.greedy(), List.of()).length);
            assertThrows(
                    RequestException.class,
                    () -> model.generate(five, 3, Sampler.greedy(), List.of()));
        }
    }

    /** Loss and norm of the gradient. */
    private static double[] step(CausalLM model, boolean training, long seed) {
        try (var _ = Tape.open()) {
            Var loss = model.loss(Tokens.rows(IDS), IDS, 0.1, training, seed);
            loss.backward();
            double[] both = {loss.item(), GradientNorm.of(model.trainable())};
            model.trainable().forEach(p -> p.clearGradient());
            return both;
        }
    }

    private static CausalLM model(String family, String key, Object value) {
        Object[] settings = {
            "model_type",
            family,
            "n_embd",
            12,
            "n_head",
            3,
            "n_layer",
            2,
            "hidden_size",
            12,
            "resid_pdrop",
            0.0,
            "embd_pdrop",
            0.0,
            "attn_pdrop",
            0.0,
            key,
            value
        };
        CausalLM model = CausalLM.declare(TinyModels.config(settings));
        model.initialize(TinyModels.device(), DType.F32, 5);
        return model;
    }
}
