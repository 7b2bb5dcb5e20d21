package org.lugha.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * The numbers are PyTorch 2.13's in double precision: {@link Regression} with torch.optim.AdamW at
 * lr 1e-2, betas (0.9, 0.95), eps 1e-8, weight_decay 0.1 for w and 0 for b, after clip_grad_norm_
 * to 10; ten steps, printing loss and the norm before clipping, then w, b, exp_avg and exp_avg_sq
 * of w.
 */
class AdamWTest {

    private static final double[] LOSSES = {
        28.1455078125, 27.39923028808529, 26.665449582641113, 25.94414542702255,
        25.235296151532925, 24.538878408861127, 23.85486684348276, 23.183233693698497,
        22.52394830880791, 21.87697655944412
    };
    private static final double[] NORMS = {
        33.308018137764144, 32.818962100581025, 32.33095749581, 31.844053860542022,
        31.358304463183707, 30.873766671784782, 30.39050237915215, 29.90857849448503,
        29.42806751224257, 28.94904816941481
    };
    private static final double[] W = {
        0.3955154161537319, -1.1378916231405822, 1.8805498562631504, 0.2230714259581729
    };
    private static final double[] B = {0.651392976469491, -0.5999674438856755};
    private static final double[] MEAN = {
        3.5316591440989353, -2.930745814621813, 4.329166121089794, -0.7286360086891561
    };
    private static final double[] SQUARE = {
        11.826220688296333, 8.075584183675682, 17.738818284859995, 0.5087839756822529
    };

    private static AdamW adam(List<Parameter> parameters) {
        return new AdamW(parameters, 0.9, 0.95, 1e-8, 0.1, false);
    }

    private static double[] train(Regression r, AdamW adam, int steps) {
        double[] losses = new double[steps];
        for (int i = 0; i < steps; i++) {
            losses[i] = r.backward();
            double norm = GradientNorm.of(r.parameters());
            if (r.w().value().dtype() == DType.F64 && adam.step() == i) {
                assertEquals(NORMS[i], norm, 1e-9);
            }
            adam.update(1e-2, GradientNorm.clip(norm, 10));
        }
        return losses;
    }

    @Test
    void tenStepsAsInPyTorch() {
        try (Regression r = Regression.of(DType.F64);
                AdamW adam = adam(r.parameters())) {
            assertArrayEquals(LOSSES, train(r, adam, 10), 1e-9);
            assertArrayEquals(W, r.w().value().toArray(), 1e-9);
            assertArrayEquals(B, r.b().value().toArray(), 1e-9);
            assertArrayEquals(MEAN, adam.state().get("w.exp_avg").toArray(), 1e-9);
            assertArrayEquals(SQUARE, adam.state().get("w.exp_avg_sq").toArray(), 1e-9);
            assertEquals(10, adam.step());
        }
    }

    @Test
    void tenStepsInF32() {
        try (Regression r = Regression.of(DType.F32);
                AdamW adam = adam(r.parameters())) {
            assertArrayEquals(LOSSES, train(r, adam, 10), 1e-4);
            assertArrayEquals(W, r.w().value().toArray(), 1e-6);
            assertEquals(DType.F32, adam.state().get("w.exp_avg").dtype());
        }
    }

    @Test
    void aBf16ParameterMovesByItsMaster() {
        try (Regression r = Regression.of(DType.BF16);
                AdamW adam = adam(r.parameters())) {
            train(r, adam, 10);
            Tensor master = adam.state().get("w.master");
            assertEquals(DType.F32, master.dtype());
            assertArrayEquals(W, master.toArray(), 2e-2);
            assertArrayEquals(
                    master.copy(DType.BF16).toArray(), r.w().value().toArray(), "rounded from it");
        }
    }

    /** Near F32 moments, with a quarter of their memory; small weights have F32 ones. */
    @Test
    void momentsOfOneByte() {
        Tensor start = Tensors.randn(1, 70, 100).copy(DType.F32);
        try (Parameter wide = Parameter.of("w", start.copy(DType.F32));
                Parameter few = Parameter.of("w", start.copy(DType.F32));
                Parameter small = Parameter.of("b", Tensors.randn(2, 9).copy(DType.F32));
                AdamW plain = new AdamW(List.of(wide), 0.9, 0.99, 1e-8, 0.01, true);
                AdamW bytes = AdamW.eightBits(List.of(few, small), 0.9, 0.99, 1e-8, 0.01, true);
                AdamW again = AdamW.eightBits(List.of(few, small), 0.9, 0.99, 1e-8, 0.01, true)) {
            double first = square(wide);
            for (int i = 0; i < 30; i++) {
                step(wide, plain);
                step(few, bytes);
            }
            assertTrue(square(wide) < 0.8 * first, "it falls");
            assertEquals(square(wide), square(few), 0.01 * first);
            assertEquals(
                    List.of(
                            "w.state1",
                            "w.absmax1",
                            "w.state2",
                            "w.absmax2",
                            "b.exp_avg",
                            "b.exp_avg_sq"),
                    List.copyOf(bytes.state().keySet()));
            again.restore(bytes.step(), bytes.state());
            step(few, again);
            step(wide, plain);
            assertEquals(square(wide), square(few), 0.01 * first);
        }
    }

    private static void step(Parameter p, AdamW adam) {
        try (var _ = Tape.open()) {
            p.mul(p).sum().backward();
        }
        adam.update(1e-2, 1);
    }

    private static double square(Parameter p) {
        double sum = 0;
        for (double v : p.value().toArray()) {
            sum += v * v;
        }
        return sum;
    }

    @Test
    void biasesDoNotDecayUnlessAllDo() {
        for (boolean all : new boolean[] {false, true}) {
            try (Parameter w = Parameter.of("w", Tensors.randn(1, 1, 1));
                    Parameter b = Parameter.of("b", Tensors.randn(2, 1));
                    AdamW adam = new AdamW(List.of(w, b), 0.9, 0.999, 1e-8, 0.5, all)) {
                double before = b.value().item();
                double weight = w.value().item();
                zeroGradients(w, b);
                adam.update(0.1, 1);
                assertEquals(weight * 0.95, w.value().item(), 1e-12);
                assertEquals(all ? before * 0.95 : before, b.value().item(), 1e-12);
            }
        }
    }

    private static void zeroGradients(Parameter... all) {
        try (var _ = Tape.open()) {
            for (Parameter p : all) {
                p.scale(0).sum().backward();
            }
        }
    }

    @Test
    void withoutAGradientNothingMoves() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 2, 2));
                AdamW adam = adam(List.of(p))) {
            double[] before = p.value().toArray();
            adam.update(0.1, 1);
            assertArrayEquals(before, p.value().toArray(), 0);
        }
    }

    @Test
    void anUpdateUsesTheGradientsUp() {
        try (Regression r = Regression.of(DType.F64);
                AdamW adam = adam(r.parameters())) {
            r.backward();
            adam.update(new Schedule.Constant(0), 1e-2, 1);
            assertFalse(r.w().hasGradient());
            assertFalse(r.b().hasGradient());
        }
    }

    @Test
    void theScheduleSeesTheNumberOfTheStep() {
        try (Regression r = Regression.of(DType.F64);
                AdamW adam = adam(r.parameters())) {
            double[] before = r.w().value().toArray();
            r.backward();
            adam.update(new Schedule.Constant(2), 1e-2, 1);
            assertArrayEquals(
                    before, r.w().value().toArray(), 0, "the first warm-up step has rate 0");
            r.backward();
            adam.update(new Schedule.Constant(2), 1e-2, 1);
            assertTrue(before[0] != r.w().value().get(0));
        }
    }

    @Test
    void resumedRunsHaveTheSameBits() {
        for (DType dtype : new DType[] {DType.F64, DType.F32, DType.BF16}) {
            try (Regression whole = Regression.of(dtype);
                    Regression part = Regression.of(dtype);
                    AdamW adam = adam(whole.parameters());
                    AdamW first = adam(part.parameters());
                    AdamW second = adam(part.parameters())) {
                train(whole, adam, 7);
                train(part, first, 3);
                second.restore(first.step(), first.state());
                train(part, second, 4);
                assertArrayEquals(
                        whole.w().value().toArray(), part.w().value().toArray(), 0, dtype.name());
                assertEquals(7, second.step());
            }
        }
    }

    @Test
    void stateThatDoesNotFitIsNamedWhole() {
        try (Regression r = Regression.of(DType.F64);
                AdamW adam = adam(r.parameters())) {
            Map<String, Tensor> state = new LinkedHashMap<>(adam.state());
            state.remove("w.exp_avg");
            state.put("b.exp_avg", Tensor.zeros(Tensors.REFERENCE, DType.F64, Shape.of(3)));
            state.put("c.exp_avg", Tensor.zeros(Tensors.REFERENCE, DType.F64, Shape.of(3)));
            String message =
                    assertThrows(IllegalArgumentException.class, () -> adam.restore(1, state))
                            .getMessage();
            assertEquals(
                    "optimizer state: does not fit these parameters: b.exp_avg should be [2] and is"
                            + " [3], c.exp_avg is not known, w.exp_avg is missing",
                    message);
            assertEquals(0, adam.step());
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new AdamW(List.of(), 1, 0.9, 1e-8, 0, false))
                        .getMessage();
        assertTrue(
                message.contains("got betas 1.0 and 0.9, eps 1.0E-8, weight decay 0.0"), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> new AdamW(List.of(), 0.9, 0.9, 1e-8, -1, false));
    }
}
