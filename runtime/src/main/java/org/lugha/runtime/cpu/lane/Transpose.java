package org.lugha.runtime.cpu.lane;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/**
 * Copies of a matrix of four-byte elements with rows and columns exchanged. Native segments only.
 *
 * <p>Four rows are interleaved twice in registers, which puts four elements of each column side by
 * side; these leave as vectors of four. The whole exchange in registers would save little and is a
 * method too large for the JIT to be trusted with.
 */
public final class Transpose {
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final VectorSpecies<Integer> FOUR = IntVector.SPECIES_128;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = I.length();

    /** Lanes of two vectors in turn: of their lower halves, of their upper halves. */
    private static final IntVector LOW = interleaving(0);

    private static final IntVector HIGH = interleaving(LANES / 2);

    /** Rows that are read before the next columns: their lines and pages are held meanwhile. */
    private static final int ROWS = 64;

    private Transpose() {}

    private static IntVector interleaving(int from) {
        int[] index = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            index[i] = from + i / 2 + i % 2 * LANES;
        }
        return IntVector.fromArray(I, index, 0);
    }

    /**
     * {@code to[j, i] = from[i, j]} for {@code i < rows, j < columns}. Offsets and strides in
     * bytes; the columns of a row lie side by side on both sides.
     */
    public static void copy(
            MemorySegment from,
            long fromAt,
            long fromRow,
            int rows,
            int columns,
            MemorySegment to,
            long toAt,
            long toRow) {
        int wholeRows = rows & -4;
        int wholeColumns = I.loopBound(columns);
        MemorySegment own = Scratch.mine().of(Purpose.TURN, 16L * LANES);
        for (int i0 = 0; i0 < wholeRows; i0 += ROWS) {
            int end = Math.min(wholeRows, i0 + ROWS);
            for (int j = 0; j < wholeColumns; j += LANES) {
                for (int i = i0; i < end; i += 4) {
                    long source = fromAt + i * fromRow + j * 4L;
                    fourRows(from, source, fromRow, own, to, toAt + j * toRow + i * 4L, toRow);
                }
            }
        }
        elements(from, fromAt, fromRow, wholeRows, rows, 0, wholeColumns, to, toAt, toRow);
        elements(from, fromAt, fromRow, 0, rows, wholeColumns, columns, to, toAt, toRow);
    }

    private static void fourRows(
            MemorySegment from,
            long at,
            long row,
            MemorySegment own,
            MemorySegment to,
            long toAt,
            long toRow) {
        IntVector r0 = IntVector.fromMemorySegment(I, from, at, ORDER);
        IntVector r1 = IntVector.fromMemorySegment(I, from, at + row, ORDER);
        IntVector r2 = IntVector.fromMemorySegment(I, from, at + 2 * row, ORDER);
        IntVector r3 = IntVector.fromMemorySegment(I, from, at + 3 * row, ORDER);
        IntVector s0 = LOW.selectFrom(r0, r2);
        IntVector s1 = HIGH.selectFrom(r0, r2);
        IntVector s2 = LOW.selectFrom(r1, r3);
        IntVector s3 = HIGH.selectFrom(r1, r3);
        LOW.selectFrom(s0, s2).intoMemorySegment(own, 0, ORDER);
        HIGH.selectFrom(s0, s2).intoMemorySegment(own, 4L * LANES, ORDER);
        LOW.selectFrom(s1, s3).intoMemorySegment(own, 8L * LANES, ORDER);
        HIGH.selectFrom(s1, s3).intoMemorySegment(own, 12L * LANES, ORDER);
        for (int j = 0; j < LANES; j++) {
            IntVector.fromMemorySegment(FOUR, own, 16L * j, ORDER)
                    .intoMemorySegment(to, toAt + j * toRow, ORDER);
        }
    }

    private static void elements(
            MemorySegment from,
            long fromAt,
            long fromRow,
            int row,
            int endRow,
            int column,
            int endColumn,
            MemorySegment to,
            long toAt,
            long toRow) {
        for (int j = column; j < endColumn; j++) {
            long source = fromAt + j * 4L;
            long target = toAt + j * toRow;
            for (int i = row; i < endRow; i++) {
                int bits = from.get(JAVA_INT_UNALIGNED, source + i * fromRow);
                to.set(JAVA_INT_UNALIGNED, target + i * 4L, bits);
            }
        }
    }
}
