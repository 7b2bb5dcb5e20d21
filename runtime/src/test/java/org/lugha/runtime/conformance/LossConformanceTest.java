package org.lugha.runtime.conformance;

import static org.lugha.runtime.conformance.Trial.near;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.LossKernel;

@Family(LossKernel.class)
record LossConformanceTest(Rig rig) {
    private static final int[] ROWS = {0, 1, 3, 8, 17, 100};
    private static final int[] VOCABULARIES = {1, 2, 7, 16, 100, 207, 1023, 1537};
    private static final int[] WIDTHS = {1, 3, 16, 31, 64, 100};

    @Test
    @Covers({"forward", "weightGradient"})
    void shapes() {
        int number = 0;
        for (int n : ROWS) {
            for (int v : VOCABULARIES) {
                for (int d : WIDTHS) {
                    number++;
                    if (n * v * d > 2_000_000) {
                        continue;
                    }
                    float beta = Cases.beta(number);
                    boolean isWanted = number % 4 != 0;
                    rig.trial(
                            "loss N %d V %d D %d beta %s".formatted(n, v, d, beta),
                            t -> loss(t, DType.F32, DType.F32, n, v, d, beta, isWanted));
                }
            }
        }
    }

    @Test
    @Covers({"forward", "weightGradient"})
    void other_types() {
        rig.trial("loss F64", t -> loss(t, DType.F64, DType.F64, 9, 33, 17, 0.5f, true));
        rig.trial("loss BF16 w", t -> loss(t, DType.F32, DType.BF16, 17, 207, 64, 0, true));
        rig.trial("loss F16 w", t -> loss(t, DType.F32, DType.F16, 17, 207, 64, 0, true));
    }

    private static void loss(
            Trial t, DType type, DType wType, int n, int v, int d, float beta, boolean isWanted) {
        Tensor h = t.in(type, n, d);
        Tensor w = t.in(wType, v, d);
        Tensor labels = t.ids(v, n);
        Tensor saved = t.of(type, Shape.of(n), _ -> Math.log(v) + 1);
        Into nll = t.out(type, beta, n);
        Into lse = t.out(type, 0, n);
        Into dh = isWanted ? t.out(type, beta, n, d) : null;
        Into dw = t.out(type, beta, v, d);
        // logits are sums of d terms; p is as near, relative, as they are
        double near = 4 * near(d) + 8e-6;
        t.check(near, LossKernel.class, k -> k.forward(h, w, labels, nll, lse, dh));
        t.check(
                near * Math.sqrt(n + 1) + near(n),
                near,
                LossKernel.class,
                k -> k.weightGradient(h, w, labels, saved, 0.7, dw));
    }

    /** Logits of hundreds: the exponentials must be taken relative to the largest. */
    @Test
    @Covers("forward")
    void large_logits() {
        rig.trial(
                "large logits",
                t -> {
                    Tensor h = t.of(DType.F32, Shape.of(5, 8), i -> i % 5 * 10);
                    Tensor w = t.of(DType.F32, Shape.of(33, 8), i -> i % 7 - 3);
                    Tensor labels = t.ids(33, 5);
                    Into nll = t.out(0, 5);
                    Into lse = t.out(0, 5);
                    Into dh = t.out(0, 5, 8);
                    t.check(
                            1e-4,
                            1e-6,
                            LossKernel.class,
                            k -> k.forward(h, w, labels, nll, lse, dh));
                });
    }
}
