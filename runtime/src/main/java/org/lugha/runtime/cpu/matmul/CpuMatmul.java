package org.lugha.runtime.cpu.matmul;

import org.lugha.runtime.DType;
import org.lugha.runtime.Storage;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.RangeTask;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.MatmulKernel;

/**
 * Products of F32 with F32, BF16 or F16 into F32; any shape and strides. Other types, and tensors
 * over heap memory, go to the kernel that was handed in.
 *
 * <p>Extra memory: that of the class which computes, see there; {@code 4 M N} bytes more where c's
 * rows are not dense, or where a thin result (N at most two vectors) comes from a turned a.
 */
public final class CpuMatmul implements MatmulKernel {
    /** Up to this many rows against {@code [N,K]} are dot products that read b once, unpacked. */
    private static final int DOT_ROWS = 3;

    /** Below this many multiplications a batch is shared out matrix by matrix. */
    private static final long SMALL = 1 << 24;

    private final Workers workers;
    private final MatmulKernel other;
    private final PanelCache cache;

    public CpuMatmul(Workers workers, MatmulKernel other) {
        this(workers, other, new PanelCache(0));
    }

    public CpuMatmul(Workers workers, MatmulKernel other, PanelCache cache) {
        this.workers = workers;
        this.other = other;
        this.cache = cache;
    }

    @Override
    public void gemm(
            boolean transposeA, boolean transposeB, double alpha, Tensor a, Tensor b, Into c) {
        Tensor y = c.tensor();
        if (y.count() == 0) {
            return;
        }
        if (!isOurs(a, b, y) || a.count() == 0) {
            other.gemm(transposeA, transposeB, alpha, a, b, c);
            return;
        }
        int batch = y.shape().rank() == 3 ? y.dim(0) : 1;
        long products = y.count() / batch * a.dim(transposeA ? -2 : -1);
        RangeTask some =
                (from, to) -> {
                    for (int i = (int) from; i < to; i++) {
                        product(
                                Matrix.of(a, i, transposeA),
                                Matrix.of(b, i, transposeB),
                                Matrix.of(y, i, false),
                                (float) alpha,
                                c.beta(),
                                b.storage());
                    }
                };
        if (products < SMALL) {
            workers.split(batch, Math.max(1, (1 << 16) / products), some);
        } else {
            some.run(0, batch);
        }
    }

    private static boolean isOurs(Tensor a, Tensor b, Tensor c) {
        return a.dtype() == DType.F32
                && c.dtype() == DType.F32
                && (b.dtype() == DType.F32 || b.dtype() == DType.BF16 || b.dtype() == DType.F16)
                && a.storage().memory().isNative()
                && b.storage().memory().isNative()
                && c.storage().memory().isNative();
    }

    private void product(Matrix a, Matrix b, Matrix c, float alpha, float beta, Storage rightIn) {
        if (!c.hasDenseRows()) {
            Matrix dense = c.beside(Purpose.RESULT);
            product(a, b, dense, alpha, 0, rightIn);
            put(dense, c, beta);
        } else if (isThinTurned(a, b)) {
            Matrix turned = c.transposed().beside(Purpose.TURNED_RESULT);
            product(b.transposed(), a.transposed(), turned, alpha, 0, null);
            put(turned.transposed(), c, beta);
        } else if (hasFewRows(a, b) && a.hasDenseRows() && b.hasDenseColumns()) {
            dots(a, b, c, alpha, beta);
        } else if (b.dtype() == DType.F32 && ThinProduct.fits(a, b)) {
            new ThinProduct(workers, a, b, c, alpha, beta).run();
        } else if (b.dtype() == DType.F32 && RowProduct.fits(a, b)) {
            new RowProduct(workers, a, b, c, alpha, beta).run();
        } else if (beta == 1 && ShallowUpdate.fits(a, b)) {
            new ShallowUpdate(workers, a, b, c, alpha).run();
        } else {
            RightPanels panels = RightPanels.of(b);
            RightPanels right = rightIn == null ? panels : cache.of(panels, b, rightIn);
            new BlockedProduct(workers, a, right, c, alpha, beta).run();
        }
    }

    private static boolean hasFewRows(Matrix a, Matrix b) {
        return a.rows() <= (b.dtype() == DType.F32 ? DOT_ROWS : RowDots.MOST_ROWS);
    }

    private void dots(Matrix a, Matrix b, Matrix c, float alpha, float beta) {
        if (b.dtype() == DType.F32) {
            new DotProducts(workers, a, b, c, alpha, beta).run();
        } else {
            new RowDots(workers, a, new HalfRows(b.transposed()), c, alpha, beta).run();
        }
    }

    /** Few columns and an a that lies turned: its rows serve better as the wide operand. */
    private static boolean isThinTurned(Matrix a, Matrix b) {
        return b.columns() <= 2 * Lanes.N
                && b.columns() < a.rows()
                && b.dtype() == DType.F32
                && !a.hasDenseRows()
                && a.hasDenseColumns();
    }

    /** {@code c = beta c + from}, element by element. */
    static void put(Matrix from, Matrix c, float beta) {
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                float before = beta == 0 ? 0 : beta * c.get(i, j);
                c.set(i, j, before + from.get(i, j));
            }
        }
    }
}
