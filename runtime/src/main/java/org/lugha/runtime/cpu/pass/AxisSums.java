package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.spi.Into;

/**
 * {@code y[a, b] = beta y[a, b] + sum_n x[a, n, b]} in strips of up to {@link #WIDTH} columns, each
 * added up from the first n to the last.
 *
 * <p>Extra memory, for each thread: {@code 8 WIDTH} bytes, and that of {@link Rows} for x of WIDTH.
 */
record AxisSums(Rows x, Into y, long n, long b) {
    /** Columns that are added up at a time. */
    static final long WIDTH = 1024;

    static AxisSums of(Tensor x, Into y) {
        return new AxisSums(Rows.read(Purpose.ROWS, WIDTH, x), y, x.dim(1), x.dim(2));
    }

    /** Strips of one a. */
    long strips() {
        return (b + WIDTH - 1) / WIDTH;
    }

    /** Strips {@code from} to {@code to}, counted through all a. */
    void run(long from, long to) {
        MemorySegment[] in = x.floats();
        MemorySegment sums = Scratch.mine().of(Purpose.VECTORS, 8 * WIDTH);
        for (long s = from; s < to; s++) {
            long a = s / strips();
            long column = s % strips() * WIDTH;
            long width = Math.min(WIDTH, b - column);
            sums.asSlice(0, 4 * width).fill((byte) 0);
            for (long row = a * n; row < (a + 1) * n; row++) {
                long at = 4 * (row * b + column);
                if (!x.isPlain()) {
                    x.openPart(in, row * b + column, width);
                    at = 0;
                }
                CpuReduce.addRow(in[0], at, sums, 0, width);
            }
            put(sums, a * b + column, width);
        }
    }

    /** The first half of the scratch holds the sums, the second is free. */
    private void put(MemorySegment sums, long at, long width) {
        MemorySegment out = y.tensor().memory();
        DType type = y.tensor().dtype();
        if (type == DType.F32) {
            CpuCopy.addRun(sums, 0, out, 4 * at, width, y.beta());
            return;
        }
        long free = 4 * WIDTH;
        if (y.beta() != 0) {
            Convert.run(type, out, at * type.bytes(), DType.F32, sums, free, width);
        }
        CpuCopy.addRun(sums, 0, sums, free, width, y.beta());
        Convert.run(DType.F32, sums, free, type, out, at * type.bytes(), width);
    }
}
