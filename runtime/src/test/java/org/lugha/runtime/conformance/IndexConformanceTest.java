package org.lugha.runtime.conformance;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Into;

@Family(IndexKernel.class)
record IndexConformanceTest(Rig rig) {

    @Test
    @Covers("gather")
    void gather() {
        for (DType type : new DType[] {DType.F32, DType.BF16, DType.F16, DType.F64}) {
            for (int width : Cases.WIDTHS) {
                for (int n : new int[] {0, 1, 5, width == 207 ? 700 : 100}) {
                    float beta = Cases.beta(width + n);
                    rig.trial(
                            "gather %s %d of 13 x %d beta %s".formatted(type, n, width, beta),
                            t -> {
                                Tensor table = t.in(type, 13, width);
                                Tensor ids = t.ids(13, n);
                                Into y = t.out(beta, n, width);
                                t.check(
                                        2 * Trial.EPS,
                                        IndexKernel.class,
                                        k -> k.gather(table, ids, y));
                            });
                }
            }
        }
    }

    @Test
    @Covers("scatterAdd")
    void scatter_add() {
        for (int width : Cases.WIDTHS) {
            for (int n : new int[] {0, 1, 5, 100}) {
                for (float beta : Cases.BETAS) {
                    rig.trial(
                            "scatterAdd %d to 13 x %d beta %s".formatted(n, width, beta),
                            t -> {
                                Tensor x = t.in(n, width);
                                Tensor ids = t.ids(13, n);
                                Into table = t.out(beta, 13, width);
                                t.check(
                                        Trial.near(n),
                                        IndexKernel.class,
                                        k -> k.scatterAdd(x, ids, table));
                            });
                }
            }
        }
        rig.trial(
                "scatterAdd 2000 to 300 x 207",
                t -> {
                    Tensor x = t.in(2000, 207);
                    Tensor ids = t.ids(300, 2000);
                    Into table = t.out(0.5f, 300, 207);
                    t.check(Trial.near(30), IndexKernel.class, k -> k.scatterAdd(x, ids, table));
                });
        for (DType type : new DType[] {DType.BF16, DType.F16}) {
            rig.trial("scatterAdd F32 to " + type, t -> narrow(t, DType.F32, type, 1));
            rig.trial("scatterAdd " + type, t -> narrow(t, type, type, 0));
            rig.trial("scatterAdd to F32 from " + type, t -> narrow(t, type, DType.F32, 0.5f));
            rig.trial("scatterAdd with decay " + type, t -> narrow(t, type, type, 0.5f));
        }
        rig.trial(
                "scatterAdd F64",
                t -> {
                    Tensor x = t.in(DType.F64, 9, 5);
                    Tensor ids = t.ids(4, 9);
                    Into table = t.out(DType.F64, 1, 4, 5);
                    t.check(1e-14, IndexKernel.class, k -> k.scatterAdd(x, ids, table));
                });
    }

    /** Rows, extents of the axis that is picked from, and how many are picked. */
    private static final int[][] PICKS = {
        {0, 5, 3}, {1, 1, 1}, {3, 7, 0}, {5, 13, 31}, {130, 31, 2}, {700, 100, 33}
    };

    private static final DType[] PICKED = {DType.F32, DType.BF16, DType.F16, DType.F64};

    @Test
    @Covers({"pick", "unpick"})
    void pick() {
        for (int[] s : PICKS) {
            for (DType type : PICKED) {
                for (float beta : Cases.BETAS) {
                    rig.trial(
                            "pick %d of rows of %d, %d rows, %s beta %s"
                                    .formatted(s[2], s[1], s[0], type, beta),
                            t -> picked(t, type, beta, s[0], s[1], s[2]));
                }
            }
        }
        rig.trial(
                "pick F32 from BF16",
                t -> {
                    Tensor x = t.in(DType.BF16, 3, 7);
                    Tensor ids = t.ids(7, 3, 5);
                    Into y = t.out(1, 3, 5);
                    t.check(2 * Trial.EPS, IndexKernel.class, k -> k.pick(x, ids, y));
                });
    }

    /** Where elements are added one by one, each addition rounds. */
    private static void picked(Trial t, DType type, float beta, int rows, int v, int k) {
        Tensor x = t.in(type, rows, v);
        Tensor dy = t.in(type, rows, k);
        Tensor ids = t.ids(v, rows, k);
        Into y = t.out(type, beta, rows, k);
        Into dx = t.out(type, beta, rows, v);
        double step = type == DType.BF16 ? 0x1p-6 : type == DType.F16 ? 0x1p-9 : 2e-6;
        t.check(step, step, IndexKernel.class, kernel -> kernel.pick(x, ids, y));
        t.check(step, step, IndexKernel.class, kernel -> kernel.unpick(dy, ids, dx));
    }

    /** Every addition rounds to the table's type, so a sum may be off by a step for each. */
    private static void narrow(Trial t, DType from, DType to, float beta) {
        Tensor x = t.in(from, 301, 103);
        Tensor ids = t.ids(97, 301);
        Into table = t.out(to, beta, 97, 103);
        double step = to == DType.BF16 ? 0x1p-6 : to == DType.F16 ? 0x1p-9 : 1e-6;
        t.check(step, step, IndexKernel.class, k -> k.scatterAdd(x, ids, table));
    }
}
