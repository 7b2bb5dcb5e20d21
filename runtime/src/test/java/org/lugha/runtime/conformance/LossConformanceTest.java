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
                    double cap = number % 3 * 1.5;
                    rig.trial(
                            "loss N %d V %d D %d beta %s cap %s".formatted(n, v, d, beta, cap),
                            t -> loss(t, DType.F32, DType.F32, n, v, d, beta, isWanted, cap));
                }
            }
        }
    }

    @Test
    @Covers({"forward", "weightGradient"})
    void other_types() {
        rig.trial("loss F64", t -> loss(t, DType.F64, DType.F64, 9, 33, 17, 0.5f, true, 0.7));
        rig.trial("loss BF16 w", t -> loss(t, DType.F32, DType.BF16, 17, 207, 64, 0, true, 0));
        rig.trial("loss F16 w", t -> loss(t, DType.F32, DType.F16, 17, 207, 64, 0, true, 3));
    }

    private static void loss(
            Trial t,
            DType type,
            DType wType,
            int n,
            int v,
            int d,
            float beta,
            boolean isWanted,
            double cap) {
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
        t.check(near, LossKernel.class, k -> k.forward(h, w, labels, cap, nll, lse, dh));
        t.check(
                near * Math.sqrt(n + 1) + near(n),
                near,
                LossKernel.class,
                k -> k.weightGradient(h, w, labels, cap, saved, 0.7, dw));
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
                            k -> k.forward(h, w, labels, 0, nll, lse, dh));
                });
    }

    @Test
    @Covers({"logits", "logitsGradient"})
    void given_logits() {
        int number = 0;
        for (int n : new int[] {0, 1, 3, 33}) {
            for (int v : new int[] {1, 2, 7, 16, 100, 2047, 2049, 5003, 40_009}) {
                float beta = Cases.beta(number++);
                double smoothing = number % 4 == 0 ? 0.1 : 0;
                rig.trial(
                        "logits N %d V %d beta %s smoothing %s".formatted(n, v, beta, smoothing),
                        t -> logits(t, t.in(n, v), beta, smoothing));
            }
        }
        rig.trial("logits F64", t -> logits(t, t.in(DType.F64, 3, 17), 0.5f, 0.1));
    }

    /** Every third row does not count. */
    private static void logits(Trial t, Tensor z, float beta, double smoothing) {
        DType type = z.dtype();
        int n = z.dim(0);
        int v = z.dim(1);
        Tensor labels = t.of(DType.I32, Shape.of(n), i -> i % 3 == 2 ? -100 : (i * 7919) % v);
        Into nll = t.out(type, beta, n);
        Into lse = t.out(type, beta, n);
        Tensor saved = t.of(type, Shape.of(n), _ -> Math.log(v) + 0.5);
        Into dz = t.out(type, beta, n, v);
        t.check(4e-6, LossKernel.class, k -> k.logits(z, labels, smoothing, nll, lse));
        t.check(
                1e-6,
                LossKernel.class,
                k -> k.logitsGradient(z, labels, smoothing, saved, 0.7, dz));
    }

    /** Words that are ruled out, logits of 10,000 either way, and a gradient in place. */
    @Test
    @Covers({"logits", "logitsGradient"})
    void extreme_logits() {
        for (int v : new int[] {5, 2100, 5003}) {
            rig.trial(
                    "extreme logits, V " + v,
                    t -> {
                        Tensor z =
                                t.of(
                                        DType.F32,
                                        Shape.of(4, v),
                                        i -> {
                                            int word = (int) (i % v);
                                            return switch ((int) (i / v)) {
                                                case 0 -> word == 3 ? 1 : Double.NEGATIVE_INFINITY;
                                                case 1 -> word % 2 == 0 ? 1e4 : -1e4;
                                                case 2 -> word == v - 1 ? 1e4 : -1e4;
                                                default ->
                                                        word < 2 ? Double.NEGATIVE_INFINITY : word;
                                            };
                                        });
                        Tensor labels = t.of(DType.I32, Shape.of(4), i -> i == 2 ? v - 1 : 3);
                        Into nll = t.out(0, 4);
                        Into lse = t.out(0, 4);
                        t.check(
                                2e-3,
                                1e-6,
                                LossKernel.class,
                                k -> k.logits(z, labels, 0, nll, lse));
                        Into dz = Into.overwrite(z);
                        t.check(
                                1e-6,
                                1e-5,
                                LossKernel.class,
                                k -> k.logitsGradient(z, labels, 0, lse.tensor(), 1, dz));
                    });
        }
    }

    @Test
    @Covers("divergence")
    void divergence() {
        int number = 0;
        for (int n : new int[] {0, 1, 3, 33}) {
            for (int v : new int[] {1, 2, 7, 16, 100, 1023, 1025, 5003}) {
                float beta = Cases.beta(number++);
                double temperature = number % 3 == 0 ? 1 : 2.5;
                int wanted = number % 4;
                rig.trial(
                        "divergence N %d V %d beta %s T %s".formatted(n, v, beta, temperature),
                        t -> {
                            Tensor z = t.in(n, v);
                            Tensor from = t.in(n, v);
                            divergence(t, z, from, temperature, beta, wanted, 1e-6);
                        });
            }
        }
        rig.trial(
                "divergence F64",
                t -> {
                    Tensor z = t.in(DType.F64, 3, 17);
                    divergence(t, z, t.in(DType.F64, 3, 17), 2, 0.5f, 3, 1e-13);
                });
    }

    private static void divergence(
            Trial t, Tensor z, Tensor from, double temperature, float beta, int wanted, double e) {
        DType type = z.dtype();
        int n = z.dim(0);
        int v = z.dim(1);
        Into kl = t.out(type, beta, n);
        Into dz = (wanted & 1) == 0 ? null : t.out(type, beta, n, v);
        Into dt = (wanted & 2) == 0 ? null : t.out(type, beta, n, v);
        t.check(e, 1e-6, LossKernel.class, k -> k.divergence(z, from, temperature, kl, dz, dt));
    }

    /** Logits of 10,000 that agree or differ by a constant, and words that are ruled out. */
    @Test
    @Covers("divergence")
    void extreme_divergence() {
        for (int v : new int[] {5, 1030}) {
            rig.trial(
                    "extreme divergence, V " + v,
                    t -> {
                        Tensor z =
                                t.of(DType.F32, Shape.of(4, v), i -> logit((int) (i / v), i % v));
                        Tensor from =
                                t.of(
                                        DType.F32,
                                        Shape.of(4, v),
                                        i -> logit((int) (i / v), i % v) + (i / v == 1 ? 512 : 0));
                        divergence(t, z, from, 2, 0, 3, 1e-7);
                        Tensor other =
                                t.of(DType.F32, Shape.of(4, v), i -> i / v == 3 ? i % 5 : i % 3);
                        divergence(t, other, from, 2, 0, 3, 1e-5);
                    });
        }
    }

    private static double logit(int row, long word) {
        return switch (row) {
            case 0 -> word % 2 == 0 ? 1e4 : -1e4;
            case 1 -> 1e4 + word % 7;
            case 2 -> word < 3 ? Double.NEGATIVE_INFINITY : word % 5;
            default -> word % 9;
        };
    }
}
