package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Transpose;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/** A matrix whose rows are stored as something else than floats. Native segments. */
interface WeightRows {
    /** Rows whose widened parts lie beside each other before they become columns. */
    int ROWS = 16;

    int rows();

    int columns();

    /** Elements {@code [column, column + n)} of a row as floats; {@code at} in bytes. */
    void widen(long row, long column, long n, MemorySegment to, long at);

    /** K floats in the order in which {@link #four} multiplies them. */
    default void arrange(MemorySegment x, long from, long n, MemorySegment to) {
        MemorySegment.copy(x, from, to, 0, 4 * n);
    }

    /**
     * Four floats at {@code sums}: the sums of K floats, as {@link #arrange} left them, times those
     * of four rows; {@code own} are {@link HalfDots#OWN_BYTES} to work in. Extra memory: {@code 4
     * PART} bytes.
     */
    default void four(
            MemorySegment x,
            long at,
            long r0,
            long r1,
            long r2,
            long r3,
            MemorySegment own,
            MemorySegment sums) {
        Floats.set(sums, 0, WideDot.of(this, x, at, r0));
        Floats.set(sums, 4, WideDot.of(this, x, at, r1));
        Floats.set(sums, 8, WideDot.of(this, x, at, r2));
        Floats.set(sums, 12, WideDot.of(this, x, at, r3));
    }

    /**
     * {@code to[j, i] = this[row + i, column + j]} for {@code i < rows, j < n}, {@code step} bytes
     * from j to j + 1. Extra memory: {@code 4 ROWS n} bytes.
     */
    default void turn(int row, int rows, int column, int n, MemorySegment to, long at, long step) {
        MemorySegment wide = Scratch.mine().of(Purpose.WIDE, 4L * ROWS * n);
        for (int i = 0; i < rows; i += ROWS) {
            int some = Math.min(ROWS, rows - i);
            for (int r = 0; r < some; r++) {
                widen(row + i + r, column, n, wide, 4L * r * n);
            }
            Transpose.copy(wide, 0, 4L * n, some, n, to, at + 4L * i, step);
        }
    }

    /** Those of a quantised weight {@code [.., K]}. */
    static WeightRows of(Quantized w) {
        return switch (w) {
            case Quantized.Int8 q ->
                    new Int8Rows(
                            Math.toIntExact(q.shape().rows()),
                            q.shape().last(),
                            q.codes().memory(),
                            q.scales().memory());
            case Quantized.Nf4 q -> Nf4Rows.of(q);
        };
    }
}
