package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * Tiles of dot products: four rows of a against four (on machines with few registers two) columns
 * of b, all of which lie dense in memory, with the depth in the lanes. Nothing is packed and no
 * lane is idle however thin the result is.
 *
 * <p>The accumulators leave through memory, see {@link MatmulTiles} for why, and {@link #sums} adds
 * up the lanes of a whole tile at once by halves: always in the same order.
 */
final class DotTiles {
    /** Rows of a tile. */
    static final int ROWS = 4;

    /** Columns of a tile. */
    static final int COLUMNS = MatmulTiles.WIDEST;

    /** Bytes that a tile's accumulators take. */
    static final long OWN_BYTES = (long) ROWS * COLUMNS * Lanes.F.vectorByteSize();

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Float> ROW =
            VectorSpecies.of(float.class, VectorShape.forBitSize(32 * COLUMNS));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = F.vectorByteSize();

    /** Lanes of two vectors in turn: of their lower halves, of their upper halves. */
    private static final FloatVector LOW = interleaving(0);

    private static final FloatVector HIGH = interleaving(F.length() / 2);

    private DotTiles() {}

    private static FloatVector interleaving(int from) {
        float[] index = new float[F.length()];
        for (int i = 0; i < index.length; i++) {
            index[i] = from + i / 2 + i % 2 * F.length();
        }
        return FloatVector.fromArray(F, index, 0);
    }

    /**
     * The sums of a tile, row by row, at the head of {@code own}. Row r of a begins at byte {@code
     * aAt[r]}, column j of b at {@code bAt[j]}: an edge may name one twice.
     */
    static void tile(
            MemorySegment a,
            long[] aAt,
            MemorySegment b,
            long[] bAt,
            int depth,
            MemorySegment own) {
        int vectors = depth / F.length();
        if (COLUMNS == 4) {
            tile4x4(
                    a, aAt[0], aAt[1], aAt[2], aAt[3], b, bAt[0], bAt[1], bAt[2], bAt[3], vectors,
                    BYTES, own);
        } else {
            tile4x2(a, aAt[0], aAt[1], aAt[2], aAt[3], b, bAt[0], bAt[1], vectors, BYTES, own);
        }
        int whole = vectors * F.length();
        if (whole < depth) {
            rest(a, aAt, b, bAt, whole * 4L, F.indexInRange(whole, depth), own);
        }
        sums(own);
    }

    private static void tile4x4(
            MemorySegment a,
            long a0,
            long a1,
            long a2,
            long a3,
            MemorySegment b,
            long b0,
            long b1,
            long b2,
            long b3,
            int vectors,
            long step,
            MemorySegment own) {
        FloatVector z = FloatVector.zero(F);
        FloatVector c00 = z, c01 = z, c02 = z, c03 = z;
        FloatVector c10 = z, c11 = z, c12 = z, c13 = z;
        FloatVector c20 = z, c21 = z, c22 = z, c23 = z;
        FloatVector c30 = z, c31 = z, c32 = z, c33 = z;
        long k = 0;
        for (int t = 0; t < vectors; t++) {
            FloatVector w0 = FloatVector.fromMemorySegment(F, b, b0 + k, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(F, b, b1 + k, ORDER);
            FloatVector w2 = FloatVector.fromMemorySegment(F, b, b2 + k, ORDER);
            FloatVector w3 = FloatVector.fromMemorySegment(F, b, b3 + k, ORDER);
            FloatVector x0 = FloatVector.fromMemorySegment(F, a, a0 + k, ORDER);
            c00 = x0.fma(w0, c00);
            c01 = x0.fma(w1, c01);
            c02 = x0.fma(w2, c02);
            c03 = x0.fma(w3, c03);
            FloatVector x1 = FloatVector.fromMemorySegment(F, a, a1 + k, ORDER);
            c10 = x1.fma(w0, c10);
            c11 = x1.fma(w1, c11);
            c12 = x1.fma(w2, c12);
            c13 = x1.fma(w3, c13);
            FloatVector x2 = FloatVector.fromMemorySegment(F, a, a2 + k, ORDER);
            c20 = x2.fma(w0, c20);
            c21 = x2.fma(w1, c21);
            c22 = x2.fma(w2, c22);
            c23 = x2.fma(w3, c23);
            FloatVector x3 = FloatVector.fromMemorySegment(F, a, a3 + k, ORDER);
            c30 = x3.fma(w0, c30);
            c31 = x3.fma(w1, c31);
            c32 = x3.fma(w2, c32);
            c33 = x3.fma(w3, c33);
            k += step;
        }
        c00.intoMemorySegment(own, 0, ORDER);
        c01.intoMemorySegment(own, BYTES, ORDER);
        c02.intoMemorySegment(own, 2 * BYTES, ORDER);
        c03.intoMemorySegment(own, 3 * BYTES, ORDER);
        c10.intoMemorySegment(own, 4 * BYTES, ORDER);
        c11.intoMemorySegment(own, 5 * BYTES, ORDER);
        c12.intoMemorySegment(own, 6 * BYTES, ORDER);
        c13.intoMemorySegment(own, 7 * BYTES, ORDER);
        c20.intoMemorySegment(own, 8 * BYTES, ORDER);
        c21.intoMemorySegment(own, 9 * BYTES, ORDER);
        c22.intoMemorySegment(own, 10 * BYTES, ORDER);
        c23.intoMemorySegment(own, 11 * BYTES, ORDER);
        c30.intoMemorySegment(own, 12 * BYTES, ORDER);
        c31.intoMemorySegment(own, 13 * BYTES, ORDER);
        c32.intoMemorySegment(own, 14 * BYTES, ORDER);
        c33.intoMemorySegment(own, 15 * BYTES, ORDER);
    }

    private static void tile4x2(
            MemorySegment a,
            long a0,
            long a1,
            long a2,
            long a3,
            MemorySegment b,
            long b0,
            long b1,
            int vectors,
            long step,
            MemorySegment own) {
        FloatVector z = FloatVector.zero(F);
        FloatVector c00 = z, c01 = z;
        FloatVector c10 = z, c11 = z;
        FloatVector c20 = z, c21 = z;
        FloatVector c30 = z, c31 = z;
        long k = 0;
        for (int t = 0; t < vectors; t++) {
            FloatVector w0 = FloatVector.fromMemorySegment(F, b, b0 + k, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(F, b, b1 + k, ORDER);
            FloatVector x0 = FloatVector.fromMemorySegment(F, a, a0 + k, ORDER);
            c00 = x0.fma(w0, c00);
            c01 = x0.fma(w1, c01);
            FloatVector x1 = FloatVector.fromMemorySegment(F, a, a1 + k, ORDER);
            c10 = x1.fma(w0, c10);
            c11 = x1.fma(w1, c11);
            FloatVector x2 = FloatVector.fromMemorySegment(F, a, a2 + k, ORDER);
            c20 = x2.fma(w0, c20);
            c21 = x2.fma(w1, c21);
            FloatVector x3 = FloatVector.fromMemorySegment(F, a, a3 + k, ORDER);
            c30 = x3.fma(w0, c30);
            c31 = x3.fma(w1, c31);
            k += step;
        }
        c00.intoMemorySegment(own, 0, ORDER);
        c01.intoMemorySegment(own, BYTES, ORDER);
        c10.intoMemorySegment(own, 2 * BYTES, ORDER);
        c11.intoMemorySegment(own, 3 * BYTES, ORDER);
        c20.intoMemorySegment(own, 4 * BYTES, ORDER);
        c21.intoMemorySegment(own, 5 * BYTES, ORDER);
        c30.intoMemorySegment(own, 6 * BYTES, ORDER);
        c31.intoMemorySegment(own, 7 * BYTES, ORDER);
    }

    /** The elements of the depth that fill no vector. */
    private static void rest(
            MemorySegment a,
            long[] aAt,
            MemorySegment b,
            long[] bAt,
            long k,
            VectorMask<Float> some,
            MemorySegment own) {
        for (int i = 0; i < ROWS; i++) {
            FloatVector x = FloatVector.fromMemorySegment(F, a, aAt[i] + k, ORDER, some);
            for (int j = 0; j < COLUMNS; j++) {
                long at = (i * COLUMNS + j) * BYTES;
                FloatVector w = FloatVector.fromMemorySegment(F, b, bAt[j] + k, ORDER, some);
                x.fma(w, FloatVector.fromMemorySegment(F, own, at, ORDER))
                        .intoMemorySegment(own, at, ORDER);
            }
        }
    }

    /**
     * Element t becomes the sum of the lanes of accumulator t: two vectors become one whose lanes
     * alternate, until as many as there are lanes have become one.
     */
    private static void sums(MemorySegment own) {
        if (F.length() == 16) {
            sixteen(own);
            return;
        }
        for (int first = 0, to = 0; first < ROWS * COLUMNS; first += F.length(), to++) {
            for (int half = F.length() / 2; half > 0; half /= 2) {
                for (int t = first; t < first + half; t++) {
                    FloatVector x = at(own, t);
                    FloatVector y = at(own, t + half);
                    FloatVector sum = LOW.selectFrom(x, y).add(HIGH.selectFrom(x, y));
                    sum.intoMemorySegment(own, t * BYTES, ORDER);
                }
            }
            at(own, first).intoMemorySegment(own, to * BYTES, ORDER);
        }
    }

    private static void sixteen(MemorySegment own) {
        for (int t = 0; t < 4; t++) {
            FloatVector v0 = at(own, t);
            FloatVector v4 = at(own, t + 4);
            FloatVector v8 = at(own, t + 8);
            FloatVector v12 = at(own, t + 12);
            v0 = LOW.selectFrom(v0, v8).add(HIGH.selectFrom(v0, v8));
            v4 = LOW.selectFrom(v4, v12).add(HIGH.selectFrom(v4, v12));
            LOW.selectFrom(v0, v4)
                    .add(HIGH.selectFrom(v0, v4))
                    .intoMemorySegment(own, t * BYTES, ORDER);
        }
        FloatVector v0 = at(own, 0);
        FloatVector v1 = at(own, 1);
        FloatVector v2 = at(own, 2);
        FloatVector v3 = at(own, 3);
        v0 = LOW.selectFrom(v0, v2).add(HIGH.selectFrom(v0, v2));
        v1 = LOW.selectFrom(v1, v3).add(HIGH.selectFrom(v1, v3));
        LOW.selectFrom(v0, v1).add(HIGH.selectFrom(v0, v1)).intoMemorySegment(own, 0, ORDER);
    }

    private static FloatVector at(MemorySegment own, int t) {
        return FloatVector.fromMemorySegment(F, own, t * BYTES, ORDER);
    }

    /** {@code c = beta c + alpha sums} for a whole tile whose sums are the head of {@code own}. */
    static void put(
            MemorySegment own, float alpha, float beta, MemorySegment c, long cAt, long cRow) {
        for (int r = 0; r < ROWS; r++) {
            long at = cAt + r * cRow;
            FloatVector v =
                    FloatVector.fromMemorySegment(ROW, own, 4L * r * COLUMNS, ORDER).mul(alpha);
            if (beta != 0) {
                v = FloatVector.fromMemorySegment(ROW, c, at, ORDER).mul(beta).add(v);
            }
            v.intoMemorySegment(c, at, ORDER);
        }
    }
}
