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
        rig.trial(
                "scatterAdd F64",
                t -> {
                    Tensor x = t.in(DType.F64, 9, 5);
                    Tensor ids = t.ids(4, 9);
                    Into table = t.out(DType.F64, 1, 4, 5);
                    t.check(1e-14, IndexKernel.class, k -> k.scatterAdd(x, ids, table));
                });
    }
}
