package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
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
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = F.vectorByteSize();

    /** Lanes whose number has this bit, and the exchange with the lane that differs in it. */
    private static final VectorMask<Float> HAS_8 = having(8);

    private static final VectorMask<Float> HAS_4 = having(4);
    private static final VectorMask<Float> HAS_2 = having(2);
    private static final VectorMask<Float> HAS_1 = having(1);
    private static final VectorShuffle<Float> SWAP_8 = swapping(8);
    private static final VectorShuffle<Float> SWAP_4 = swapping(4);
    private static final VectorShuffle<Float> SWAP_2 = swapping(2);
    private static final VectorShuffle<Float> SWAP_1 = swapping(1);

    private DotTiles() {}

    private static VectorMask<Float> having(int bit) {
        long bits = 0;
        for (int i = 0; i < F.length(); i++) {
            bits |= (i & bit) == 0 ? 0 : 1L << i;
        }
        return VectorMask.fromLong(F, bits);
    }

    private static VectorShuffle<Float> swapping(int bit) {
        return VectorShuffle.fromOp(F, i -> (i ^ bit) % F.length());
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
     * Element t becomes the sum of the lanes of accumulator t: of two accumulators whose numbers
     * differ in one bit, one vector is made that holds sums of the first in the lanes without this
     * bit and of the second in the others, until as many as there are lanes have become one.
     * ({@code selectFrom} of floats would interleave them faster, but before it is compiled it
     * stores into a heap segment, which slows every store of the process down.)
     */
    private static void sums(MemorySegment own) {
        int lanes = F.length();
        for (int first = 0, to = 0; first < ROWS * COLUMNS; first += lanes, to++) {
            if (lanes > 8) {
                eights(own, first);
            }
            if (lanes > 4) {
                fours(own, first);
            }
            twos(own, first);
            FloatVector x = at(own, first);
            FloatVector y = at(own, first + 1);
            x.blend(y, HAS_1)
                    .add(y.blend(x, HAS_1).rearrange(SWAP_1))
                    .intoMemorySegment(own, to * BYTES, ORDER);
        }
    }

    private static void eights(MemorySegment own, int first) {
        for (int t = first; t < first + 8; t++) {
            FloatVector x = at(own, t);
            FloatVector y = at(own, t + 8);
            x.blend(y, HAS_8)
                    .add(y.blend(x, HAS_8).rearrange(SWAP_8))
                    .intoMemorySegment(own, t * BYTES, ORDER);
        }
    }

    private static void fours(MemorySegment own, int first) {
        for (int t = first; t < first + 4; t++) {
            FloatVector x = at(own, t);
            FloatVector y = at(own, t + 4);
            x.blend(y, HAS_4)
                    .add(y.blend(x, HAS_4).rearrange(SWAP_4))
                    .intoMemorySegment(own, t * BYTES, ORDER);
        }
    }

    private static void twos(MemorySegment own, int first) {
        for (int t = first; t < first + 2; t++) {
            FloatVector x = at(own, t);
            FloatVector y = at(own, t + 2);
            x.blend(y, HAS_2)
                    .add(y.blend(x, HAS_2).rearrange(SWAP_2))
                    .intoMemorySegment(own, t * BYTES, ORDER);
        }
    }

    private static FloatVector at(MemorySegment own, int t) {
        return FloatVector.fromMemorySegment(F, own, t * BYTES, ORDER);
    }

    /** {@code c = beta c + alpha sums} for a whole tile whose sums are the head of {@code own}. */
    static void put(
            MemorySegment own, float alpha, float beta, MemorySegment c, long cAt, long cRow) {
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < COLUMNS; j++) {
                long at = cAt + r * cRow + 4L * j;
                float v = alpha * own.get(JAVA_FLOAT_UNALIGNED, 4L * (r * COLUMNS + j));
                float before = beta == 0 ? 0 : beta * c.get(JAVA_FLOAT_UNALIGNED, at);
                c.set(JAVA_FLOAT_UNALIGNED, at, before + v);
            }
        }
    }
}
