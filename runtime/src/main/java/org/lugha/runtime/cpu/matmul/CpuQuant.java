package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Absmax;
import org.lugha.runtime.Codebook;
import org.lugha.runtime.DType;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.pass.CpuCopy;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.QuantKernel;

/**
 * {@link QuantKernel} with vectors: weights are widened while they are packed for a product, or row
 * by row where it has few rows. What is neither F32 nor a plain conversion goes to the reference.
 *
 * <p>Extra memory: that of {@link BlockedProduct} or {@link RowDots} for a product; a row of F32
 * and one of I32 a thread for int8, two blocks for NF4, {@code 4 STRIP} bytes a thread to widen.
 */
public final class CpuQuant implements QuantKernel {
    private static final float[] MIDPOINTS = Codebook.midpoints(Codebook.nf4());

    /** Elements that are worked on in more than one sweep; even, and a multiple of most blocks. */
    private static final int STRIP = 4096;

    private final Workers workers;
    private final QuantKernel reference;

    public CpuQuant(Workers workers, QuantKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void int8(Tensor x, Into codes, Into scales) {
        if (!isOurs(x, codes, scales)) {
            reference.int8(x, codes, scales);
            return;
        }
        MemorySegment to = codes.tensor().memory();
        MemorySegment scale = scales.tensor().memory();
        int width = x.shape().last();
        workers.split(
                x.shape().rows(),
                Math.max(1, Floats.GRAIN / Math.max(1, width)),
                (from, end) -> {
                    for (long r = from; r < end; r++) {
                        MemorySegment row = floats(x, r * width, width);
                        long at = rowAt(x, r * width);
                        MemorySegment code = Scratch.mine().of(Purpose.CODES, 4L * width);
                        float s = Codes.absmax(row, at, width) / 127;
                        Floats.set(scale, 4 * r, s);
                        Codes.int8(row, at, width, s, code);
                        Codes.bytes(code, width, to, r * width);
                    }
                });
    }

    @Override
    public void nf4(Tensor x, int blockSize, Into codes, Into absmax) {
        if (!isOurs(x, codes, absmax)) {
            reference.nf4(x, blockSize, codes, absmax);
            return;
        }
        MemorySegment to = codes.tensor().memory();
        MemorySegment most = absmax.tensor().memory();
        long n = x.count();
        workers.split(
                (n + blockSize - 1) / blockSize,
                Math.max(1, Floats.GRAIN / blockSize),
                (from, end) -> {
                    MemorySegment code = Scratch.mine().of(Purpose.CODES, 4L * blockSize);
                    for (long b = from; b < end; b++) {
                        long i = b * blockSize;
                        long count = Math.min(blockSize, n - i);
                        MemorySegment block = floats(x, i, count);
                        long at = rowAt(x, i);
                        float m = Codes.absmax(block, at, count);
                        Floats.set(most, 4 * b, m);
                        Codes.nearest(MIDPOINTS, block, at, count, Codes.factor(m), code);
                        Codes.nibbles(code, count, to, i / 2);
                    }
                });
    }

    /** Few numbers: one block has 64 times as many elements. */
    @Override
    public void nested(
            Tensor x, Tensor table, int blockSize, Into codes, Into absmax, Into offset) {
        reference.nested(x, table, blockSize, codes, absmax, offset);
    }

    @Override
    public void encode(Tensor x, Tensor table, int blockSize, Into codes, Into absmax) {
        if (x.dtype() != DType.F32 || !isOurs(x, codes, absmax)) {
            reference.encode(x, table, blockSize, codes, absmax);
            return;
        }
        float[] midpoints = Codebook.midpoints(values(table));
        MemorySegment in = x.memory();
        MemorySegment to = codes.tensor().memory();
        MemorySegment most = absmax.tensor().memory();
        long n = x.count();
        workers.split(
                (n + blockSize - 1) / blockSize,
                Math.max(1, STRIP / blockSize),
                (from, end) -> {
                    MemorySegment code = Scratch.mine().of(Purpose.CODES, 4L * blockSize);
                    for (long b = from; b < end; b++) {
                        long i = b * blockSize;
                        long count = Math.min(blockSize, n - i);
                        float m = Codes.absmax(in, 4 * i, count);
                        Floats.set(most, 4 * b, m);
                        Codes.nearest(midpoints, in, 4 * i, count, Codes.factor(m), code);
                        Codes.bytes(code, count, to, i);
                    }
                });
    }

    @Override
    public void decode(Tensor codes, Tensor table, int blockSize, Tensor absmax, Into y) {
        if (y.beta() != 0 || !isOurs(absmax, y, y) || y.tensor().dtype() != DType.F32) {
            reference.decode(codes, table, blockSize, absmax, y);
            return;
        }
        float[] values = values(table);
        MemorySegment code = codes.memory();
        MemorySegment most = absmax.memory();
        MemorySegment to = y.tensor().memory();
        workers.split(
                codes.count(),
                Floats.GRAIN,
                (from, end) -> {
                    for (long i = from; i < end; i++) {
                        float m = Floats.get(most, 4 * (i / blockSize));
                        Floats.set(to, 4 * i, values[code.get(JAVA_BYTE, i) & 0xFF] * m);
                    }
                });
    }

    private static float[] values(Tensor table) {
        float[] all = new float[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = Floats.get(table.memory(), 4L * i);
        }
        return all;
    }

    /** n elements of x as floats: x itself or a copy in scratch; they start at {@link #rowAt}. */
    private static MemorySegment floats(Tensor x, long from, long n) {
        if (x.dtype() == DType.F32) {
            return x.memory();
        }
        MemorySegment row = Scratch.mine().of(Purpose.ROW, 4 * n);
        Convert.run(x.dtype(), x.memory(), from * x.dtype().bytes(), DType.F32, row, 0, n);
        return row;
    }

    private static long rowAt(Tensor x, long from) {
        return x.dtype() == DType.F32 ? 4 * from : 0;
    }

    private static boolean isOurs(Tensor x, Into codes, Into scales) {
        return Convert.knows(x.dtype(), DType.F32)
                && codes.beta() == 0
                && scales.beta() == 0
                && isNative(x)
                && isNative(codes.tensor())
                && isNative(scales.tensor());
    }

    @Override
    public void dequantize(Quantized w, Into y) {
        Tensor out = y.tensor();
        boolean canAdd = y.beta() == 0 || out.dtype() == DType.F32;
        if (!canAdd || !Convert.knows(DType.F32, out.dtype()) || !isNative(w)) {
            reference.dequantize(w, y);
            return;
        }
        long width = w.shape().last();
        if (width == 0) {
            return;
        }
        WeightRows rows = WeightRows.of(w);
        MemorySegment to = out.memory();
        workers.split(
                w.shape().rows(),
                Math.max(1, Floats.GRAIN / width),
                (from, end) -> {
                    for (long r = from; r < end; r++) {
                        row(rows, r, to, out.dtype(), r * width, y.beta());
                    }
                });
    }

    @Override
    public void gather(Quantized w, Tensor ids, Into y) {
        Tensor out = y.tensor();
        boolean canAdd = y.beta() == 0 || out.dtype() == DType.F32;
        if (!canAdd || !Convert.knows(DType.F32, out.dtype()) || !isNative(w)) {
            reference.gather(w, ids, y);
            return;
        }
        WeightRows rows = WeightRows.of(w);
        MemorySegment id = ids.memory();
        MemorySegment to = out.memory();
        long width = w.shape().last();
        workers.split(
                ids.count(),
                Math.max(1, Floats.GRAIN / Math.max(1, width)),
                (from, end) -> {
                    for (long n = from; n < end; n++) {
                        long r = id.get(JAVA_INT_UNALIGNED, 4 * n);
                        row(rows, r, to, out.dtype(), n * width, y.beta());
                    }
                });
    }

    /** Row r of w to the elements from {@code to} on. */
    private static void row(
            WeightRows w, long r, MemorySegment y, DType dtype, long to, float beta) {
        int width = w.columns();
        if (beta == 0 && dtype == DType.F32) {
            w.widen(r, 0, width, y, 4 * to);
            return;
        }
        MemorySegment wide = Scratch.mine().of(Purpose.WIDE, 4 * STRIP);
        for (int k = 0; k < width; k += STRIP) {
            int n = Math.min(STRIP, width - k);
            w.widen(r, k, n, wide, 0);
            if (beta == 0) {
                Convert.run(DType.F32, wide, 0, dtype, y, (to + k) * dtype.bytes(), n);
            } else {
                CpuCopy.addRun(wide, 0, y, 4 * (to + k), n, beta);
            }
        }
    }

    @Override
    public void gemm(
            boolean transposeA, boolean transposeW, double alpha, Tensor a, Quantized w, Into c) {
        Tensor y = c.tensor();
        if (y.count() == 0) {
            return;
        }
        if (a.count() == 0 || !Floats.all(a, y) || !isNative(a) || !isNative(y) || !isNative(w)) {
            reference.gemm(transposeA, transposeW, alpha, a, w, c);
            return;
        }
        Matrix left = Matrix.of(a, 0, transposeA);
        Matrix result = Matrix.of(y, 0, false);
        WeightRows rows = WeightRows.of(w);
        if (result.hasDenseRows()) {
            product(left, rows, transposeW, result, (float) alpha, c.beta());
        } else {
            Matrix dense = result.beside(Purpose.RESULT);
            product(left, rows, transposeW, dense, (float) alpha, 0);
            CpuMatmul.put(dense, result, c.beta());
        }
    }

    private void product(
            Matrix a, WeightRows w, boolean isTransposed, Matrix c, float alpha, float beta) {
        if (isTransposed && a.rows() <= RowDots.MOST_ROWS && a.hasDenseRows()) {
            new RowDots(workers, a, w, c, alpha, beta).run();
        } else {
            new BlockedProduct(workers, a, new RowPanels(w, isTransposed), c, alpha, beta).run();
        }
    }

    private static boolean isNative(Tensor t) {
        return t.storage().memory().isNative();
    }

    private static boolean isNative(Quantized w) {
        return switch (w) {
            case Quantized.Int8(Tensor codes, Tensor scales) -> isNative(codes) && isNative(scales);
            case Quantized.Nf4 q ->
                    isNative(q.codes())
                            && switch (q.absmax()) {
                                case Absmax.Plain(Tensor values) -> isNative(values);
                                case Absmax.Nested n ->
                                        isNative(n.codes())
                                                && isNative(n.table())
                                                && isNative(n.absmax())
                                                && isNative(n.offset());
                            };
        };
    }
}
