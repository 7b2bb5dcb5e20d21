package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * Register tiles of a matrix product: {@code c[r, :] = sum_k a[r, k] b[k, :]} for 6 rows and 1, 2
 * or 4 vectors of columns, all offsets and strides in bytes, c overwritten.
 *
 * <p>Each tile is one method that only zeroes, multiplies and stores: with the addition to c or
 * with edges inside it would become too large for the JIT, and a vector handed to another method
 * would be boxed. Element {@code [r, k]} of a is at {@code aAt + r aRow + k aStep}, so a may be a
 * packed panel or the matrix itself; row k of b is at {@code bAt + k bStep}. All segments must be
 * native.
 */
final class MatmulTiles {
    /** Rows of every tile. */
    static final int ROWS = 6;

    /** Vectors of columns that keep the registers of this machine busy. */
    static final int WIDEST = hasManyRegisters() ? 4 : 2;

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = F.vectorByteSize();

    private MatmulTiles() {}

    /** 32 vector registers: AVX-512 and AArch64; with 16 only 6 x 2 fits. */
    private static boolean hasManyRegisters() {
        return Lanes.F.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");
    }

    /** The tile with this many vectors of columns. */
    static void tile(
            int vectors,
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            long bStep,
            int depth,
            MemorySegment c,
            long cAt,
            long cRow) {
        switch (vectors) {
            case 4 -> tile6x4(a, aAt, aRow, aStep, b, bAt, bStep, depth, c, cAt, cRow);
            case 2 -> tile6x2(a, aAt, aRow, aStep, b, bAt, bStep, depth, c, cAt, cRow);
            default -> tile6x1(a, aAt, aRow, aStep, b, bAt, bStep, depth, c, cAt, cRow);
        }
    }

    static void tile6x4(
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            long bStep,
            int depth,
            MemorySegment c,
            long cAt,
            long cRow) {
        FloatVector z = FloatVector.zero(F);
        FloatVector c00 = z, c01 = z, c02 = z, c03 = z;
        FloatVector c10 = z, c11 = z, c12 = z, c13 = z;
        FloatVector c20 = z, c21 = z, c22 = z, c23 = z;
        FloatVector c30 = z, c31 = z, c32 = z, c33 = z;
        FloatVector c40 = z, c41 = z, c42 = z, c43 = z;
        FloatVector c50 = z, c51 = z, c52 = z, c53 = z;
        long a1 = aRow;
        long a2 = a1 + aRow;
        long a3 = a2 + aRow;
        long a4 = a3 + aRow;
        long a5 = a4 + aRow;
        long i = aAt;
        long j = bAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, j, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(F, b, j + 2 * BYTES, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(F, b, j + 3 * BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(F, a.get(FLOAT, i));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(F, a.get(FLOAT, i + a1));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = FloatVector.broadcast(F, a.get(FLOAT, i + a2));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = FloatVector.broadcast(F, a.get(FLOAT, i + a3));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            FloatVector x4 = FloatVector.broadcast(F, a.get(FLOAT, i + a4));
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            FloatVector x5 = FloatVector.broadcast(F, a.get(FLOAT, i + a5));
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            c53 = x5.fma(b3, c53);
            i += aStep;
            j += bStep;
        }
        long o = cAt;
        c00.intoMemorySegment(c, o, ORDER);
        c01.intoMemorySegment(c, o + BYTES, ORDER);
        c02.intoMemorySegment(c, o + 2 * BYTES, ORDER);
        c03.intoMemorySegment(c, o + 3 * BYTES, ORDER);
        o += cRow;
        c10.intoMemorySegment(c, o, ORDER);
        c11.intoMemorySegment(c, o + BYTES, ORDER);
        c12.intoMemorySegment(c, o + 2 * BYTES, ORDER);
        c13.intoMemorySegment(c, o + 3 * BYTES, ORDER);
        o += cRow;
        c20.intoMemorySegment(c, o, ORDER);
        c21.intoMemorySegment(c, o + BYTES, ORDER);
        c22.intoMemorySegment(c, o + 2 * BYTES, ORDER);
        c23.intoMemorySegment(c, o + 3 * BYTES, ORDER);
        o += cRow;
        c30.intoMemorySegment(c, o, ORDER);
        c31.intoMemorySegment(c, o + BYTES, ORDER);
        c32.intoMemorySegment(c, o + 2 * BYTES, ORDER);
        c33.intoMemorySegment(c, o + 3 * BYTES, ORDER);
        o += cRow;
        c40.intoMemorySegment(c, o, ORDER);
        c41.intoMemorySegment(c, o + BYTES, ORDER);
        c42.intoMemorySegment(c, o + 2 * BYTES, ORDER);
        c43.intoMemorySegment(c, o + 3 * BYTES, ORDER);
        o += cRow;
        c50.intoMemorySegment(c, o, ORDER);
        c51.intoMemorySegment(c, o + BYTES, ORDER);
        c52.intoMemorySegment(c, o + 2 * BYTES, ORDER);
        c53.intoMemorySegment(c, o + 3 * BYTES, ORDER);
    }

    static void tile6x2(
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            long bStep,
            int depth,
            MemorySegment c,
            long cAt,
            long cRow) {
        FloatVector z = FloatVector.zero(F);
        FloatVector c00 = z, c01 = z;
        FloatVector c10 = z, c11 = z;
        FloatVector c20 = z, c21 = z;
        FloatVector c30 = z, c31 = z;
        FloatVector c40 = z, c41 = z;
        FloatVector c50 = z, c51 = z;
        long a1 = aRow;
        long a2 = a1 + aRow;
        long a3 = a2 + aRow;
        long a4 = a3 + aRow;
        long a5 = a4 + aRow;
        long i = aAt;
        long j = bAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, j, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(F, a.get(FLOAT, i));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(F, a.get(FLOAT, i + a1));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(F, a.get(FLOAT, i + a2));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(F, a.get(FLOAT, i + a3));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            FloatVector x4 = FloatVector.broadcast(F, a.get(FLOAT, i + a4));
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(F, a.get(FLOAT, i + a5));
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            i += aStep;
            j += bStep;
        }
        long o = cAt;
        c00.intoMemorySegment(c, o, ORDER);
        c01.intoMemorySegment(c, o + BYTES, ORDER);
        o += cRow;
        c10.intoMemorySegment(c, o, ORDER);
        c11.intoMemorySegment(c, o + BYTES, ORDER);
        o += cRow;
        c20.intoMemorySegment(c, o, ORDER);
        c21.intoMemorySegment(c, o + BYTES, ORDER);
        o += cRow;
        c30.intoMemorySegment(c, o, ORDER);
        c31.intoMemorySegment(c, o + BYTES, ORDER);
        o += cRow;
        c40.intoMemorySegment(c, o, ORDER);
        c41.intoMemorySegment(c, o + BYTES, ORDER);
        o += cRow;
        c50.intoMemorySegment(c, o, ORDER);
        c51.intoMemorySegment(c, o + BYTES, ORDER);
    }

    static void tile6x1(
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            long bStep,
            int depth,
            MemorySegment c,
            long cAt,
            long cRow) {
        FloatVector z = FloatVector.zero(F);
        FloatVector c00 = z;
        FloatVector c10 = z;
        FloatVector c20 = z;
        FloatVector c30 = z;
        FloatVector c40 = z;
        FloatVector c50 = z;
        long a1 = aRow;
        long a2 = a1 + aRow;
        long a3 = a2 + aRow;
        long a4 = a3 + aRow;
        long a5 = a4 + aRow;
        long i = aAt;
        long j = bAt;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, j, ORDER);
            FloatVector x0 = FloatVector.broadcast(F, a.get(FLOAT, i));
            c00 = x0.fma(b0, c00);
            FloatVector x1 = FloatVector.broadcast(F, a.get(FLOAT, i + a1));
            c10 = x1.fma(b0, c10);
            FloatVector x2 = FloatVector.broadcast(F, a.get(FLOAT, i + a2));
            c20 = x2.fma(b0, c20);
            FloatVector x3 = FloatVector.broadcast(F, a.get(FLOAT, i + a3));
            c30 = x3.fma(b0, c30);
            FloatVector x4 = FloatVector.broadcast(F, a.get(FLOAT, i + a4));
            c40 = x4.fma(b0, c40);
            FloatVector x5 = FloatVector.broadcast(F, a.get(FLOAT, i + a5));
            c50 = x5.fma(b0, c50);
            i += aStep;
            j += bStep;
        }
        long o = cAt;
        c00.intoMemorySegment(c, o, ORDER);
        o += cRow;
        c10.intoMemorySegment(c, o, ORDER);
        o += cRow;
        c20.intoMemorySegment(c, o, ORDER);
        o += cRow;
        c30.intoMemorySegment(c, o, ORDER);
        o += cRow;
        c40.intoMemorySegment(c, o, ORDER);
        o += cRow;
        c50.intoMemorySegment(c, o, ORDER);
    }
}
