package org.lugha.runtime.cpu.lane;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows and columns exchanged within the first cache, eight by eight in registers: halves, then
 * quarters, then neighbours of pairs of rows change places. {@link Transpose} serves larger
 * matrices and machines with short vectors.
 */
public final class Turn {
    private static final int EIGHT = 8;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    // Lanes of the first row are 0 to 7, of the second 8 to 15.
    private static final IntVector LOW_4 = lanes(0, 1, 2, 3, 8, 9, 10, 11);
    private static final IntVector HIGH_4 = lanes(4, 5, 6, 7, 12, 13, 14, 15);
    private static final IntVector LOW_2 = lanes(0, 1, 8, 9, 4, 5, 12, 13);
    private static final IntVector HIGH_2 = lanes(2, 3, 10, 11, 6, 7, 14, 15);
    private static final IntVector LOW_1 = lanes(0, 8, 2, 10, 4, 12, 6, 14);
    private static final IntVector HIGH_1 = lanes(1, 9, 3, 11, 5, 13, 7, 15);

    private Turn() {}

    private static IntVector lanes(int... lanes) {
        return IntVector.fromArray(I, lanes, 0);
    }

    /** {@code to[j, i] = from[i, j]} for {@code i < rows, j < columns}; strides in bytes. */
    public static void copy(
            MemorySegment from,
            long fromAt,
            long fromRow,
            int rows,
            int columns,
            MemorySegment to,
            long toAt,
            long toRow) {
        if (Lanes.N < EIGHT || rows % EIGHT != 0 || columns % EIGHT != 0) {
            Transpose.copy(from, fromAt, fromRow, rows, columns, to, toAt, toRow);
            return;
        }
        for (int i = 0; i < rows; i += EIGHT) {
            for (int j = 0; j < columns; j += EIGHT) {
                long source = fromAt + i * fromRow + j * 4L;
                eight(from, source, fromRow, to, toAt + j * toRow + i * 4L, toRow);
            }
        }
    }

    private static void eight(
            MemorySegment from,
            long fromAt,
            long fromRow,
            MemorySegment to,
            long toAt,
            long toRow) {
        long half = fromAt + 4 * fromRow;
        IntVector a = IntVector.fromMemorySegment(I, from, fromAt, ORDER);
        IntVector b = IntVector.fromMemorySegment(I, from, fromAt + fromRow, ORDER);
        IntVector c = IntVector.fromMemorySegment(I, from, fromAt + 2 * fromRow, ORDER);
        IntVector d = IntVector.fromMemorySegment(I, from, fromAt + 3 * fromRow, ORDER);
        IntVector e = IntVector.fromMemorySegment(I, from, half, ORDER);
        IntVector f = IntVector.fromMemorySegment(I, from, half + fromRow, ORDER);
        IntVector g = IntVector.fromMemorySegment(I, from, half + 2 * fromRow, ORDER);
        IntVector h = IntVector.fromMemorySegment(I, from, half + 3 * fromRow, ORDER);
        IntVector a4 = LOW_4.selectFrom(a, e);
        IntVector b4 = LOW_4.selectFrom(b, f);
        IntVector c4 = LOW_4.selectFrom(c, g);
        IntVector d4 = LOW_4.selectFrom(d, h);
        e = HIGH_4.selectFrom(a, e);
        f = HIGH_4.selectFrom(b, f);
        g = HIGH_4.selectFrom(c, g);
        h = HIGH_4.selectFrom(d, h);
        a = LOW_2.selectFrom(a4, c4);
        b = LOW_2.selectFrom(b4, d4);
        c = HIGH_2.selectFrom(a4, c4);
        d = HIGH_2.selectFrom(b4, d4);
        a4 = LOW_2.selectFrom(e, g);
        b4 = LOW_2.selectFrom(f, h);
        c4 = HIGH_2.selectFrom(e, g);
        d4 = HIGH_2.selectFrom(f, h);
        long at = toAt + 4 * toRow;
        LOW_1.selectFrom(a, b).intoMemorySegment(to, toAt, ORDER);
        HIGH_1.selectFrom(a, b).intoMemorySegment(to, toAt + toRow, ORDER);
        LOW_1.selectFrom(c, d).intoMemorySegment(to, toAt + 2 * toRow, ORDER);
        HIGH_1.selectFrom(c, d).intoMemorySegment(to, toAt + 3 * toRow, ORDER);
        LOW_1.selectFrom(a4, b4).intoMemorySegment(to, at, ORDER);
        HIGH_1.selectFrom(a4, b4).intoMemorySegment(to, at + toRow, ORDER);
        LOW_1.selectFrom(c4, d4).intoMemorySegment(to, at + 2 * toRow, ORDER);
        HIGH_1.selectFrom(c4, d4).intoMemorySegment(to, at + 3 * toRow, ORDER);
    }
}
