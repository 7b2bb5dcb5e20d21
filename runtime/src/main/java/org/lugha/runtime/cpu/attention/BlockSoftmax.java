package org.lugha.runtime.cpu.attention;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Powers;

/**
 * Softmax of a block of scores with keys in rows and queries in lanes, so that maxima and sums need
 * no reduction of lanes. Scores are not yet scaled; {@code c = scale log2(e)}.
 *
 * <p>A block is {@link BlockTiles#SIDE} squared at byte {@code at}; what belongs to a query lies in
 * {@code lanes}, one row of each of the quantities named below. Every loop is a method of its own
 * and calls nothing but the Vector API: called from a method that the JIT already finds large, any
 * other call would not be inlined and box its vectors.
 */
final class BlockSoftmax {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final long ROW = 4L * BlockTiles.SIDE;
    private static final long BLOCK = BlockTiles.SIDE * ROW;

    /** Byte offsets within lanes; first and end are floats, exact up to 2^24 keys. */
    static final long FIRST = 0;

    static final long END = ROW;
    static final long MAX = 2 * ROW;
    static final long SUM = 3 * ROW;
    static final long FACTOR = 4 * ROW;
    static final long LSE = MAX;
    static final long DOT = SUM;

    /** Where the query stands among the keys, exact up to 2^24. */
    static final long POSITION = 5 * ROW;

    /** Bytes of all of them. */
    static final long LANES = 6 * ROW;

    /** Below every score, yet far enough from the end to be subtracted from. */
    static final float NOTHING = -1e30f;

    private BlockSoftmax() {}

    /**
     * One step of the online softmax: the new maximum, the factor for what was summed before, the
     * scores replaced by {@code exp(scale s - max)}, and their sum added.
     */
    static void online(MemorySegment s, long at, float c, MemorySegment lanes) {
        for (long o = 0; o < ROW; o += BYTES) {
            max(s, at + o, lanes, o);
            exponents(s, at + o, lanes, MAX + o, c, c);
        }
        Powers.exp2(s, at, BLOCK);
        sums(s, at, c, lanes);
    }

    /** As {@link #online}; row 0 is key k, and what a query does not see becomes 0. */
    static void onlineMasked(MemorySegment s, long at, float c, MemorySegment lanes, int k) {
        for (long o = 0; o < ROW; o += BYTES) {
            maxMasked(s, at + o, lanes, o, k);
            exponentsMasked(s, at + o, lanes, o, MAX + o, c, c, k);
        }
        Powers.exp2(s, at, BLOCK);
        sums(s, at, c, lanes);
    }

    private static void sums(MemorySegment s, long at, float c, MemorySegment lanes) {
        factors(lanes, c);
        Powers.exp2(lanes, FACTOR, ROW);
        for (long o = 0; o < ROW; o += BYTES) {
            sum(s, at + o, lanes, o);
        }
    }

    /** {@code p = exp(scale s - lse)} in place of s. */
    static void probabilities(MemorySegment s, long at, float c, MemorySegment lanes) {
        for (long o = 0; o < ROW; o += BYTES) {
            exponents(s, at + o, lanes, LSE + o, c, 1);
        }
        Powers.exp2(s, at, BLOCK);
    }

    /** As {@link #probabilities}; row 0 is key k, and what a query does not see becomes 0. */
    static void probabilitiesMasked(MemorySegment s, long at, float c, MemorySegment lanes, int k) {
        for (long o = 0; o < ROW; o += BYTES) {
            exponentsMasked(s, at + o, lanes, o, LSE + o, c, 1, k);
        }
        Powers.exp2(s, at, BLOCK);
    }

    /** {@code ds = p (dp - dot)} in place of dp. */
    static void gradient(MemorySegment s, long at, long dp, MemorySegment lanes) {
        for (long o = 0; o < ROW; o += BYTES) {
            slopes(s, at + o, dp + o, lanes, o);
        }
    }

    /** As {@link #gradient}; row 0 is key k, and what a query does not see becomes 0. */
    static void gradientMasked(MemorySegment s, long at, long dp, MemorySegment lanes, int k) {
        for (long o = 0; o < ROW; o += BYTES) {
            slopesMasked(s, at + o, dp + o, lanes, o, k);
        }
    }

    /** The new maximum; the old one less the new one as the exponent of the factor. */
    private static void max(MemorySegment s, long at, MemorySegment lanes, long o) {
        FloatVector old = FloatVector.fromMemorySegment(F, lanes, MAX + o, ORDER);
        FloatVector m = old;
        FloatVector n = old;
        for (long i = at; i < at + BLOCK; i += 2 * ROW) {
            m = m.max(FloatVector.fromMemorySegment(F, s, i, ORDER));
            n = n.max(FloatVector.fromMemorySegment(F, s, i + ROW, ORDER));
        }
        m = m.max(n);
        m.intoMemorySegment(lanes, MAX + o, ORDER);
        old.sub(m).intoMemorySegment(lanes, FACTOR + o, ORDER);
    }

    private static void maxMasked(MemorySegment s, long at, MemorySegment lanes, long o, int k) {
        FloatVector first = FloatVector.fromMemorySegment(F, lanes, FIRST + o, ORDER);
        FloatVector end = FloatVector.fromMemorySegment(F, lanes, END + o, ORDER);
        FloatVector old = FloatVector.fromMemorySegment(F, lanes, MAX + o, ORDER);
        FloatVector m = old;
        float key = k;
        for (long i = at; i < at + BLOCK; i += ROW) {
            var seen = first.compare(LE, key).and(end.compare(GT, key));
            m = m.blend(m.max(FloatVector.fromMemorySegment(F, s, i, ORDER)), seen);
            key++;
        }
        m.intoMemorySegment(lanes, MAX + o, ORDER);
        old.sub(m).intoMemorySegment(lanes, FACTOR + o, ORDER);
    }

    /** {@code c s - f offset}, offset a row of lanes. */
    private static void exponents(
            MemorySegment s, long at, MemorySegment lanes, long offset, float c, float f) {
        FloatVector minus = FloatVector.fromMemorySegment(F, lanes, offset, ORDER).mul(-f);
        for (long i = at; i < at + BLOCK; i += ROW) {
            FloatVector v = FloatVector.fromMemorySegment(F, s, i, ORDER);
            v.fma(FloatVector.broadcast(F, c), minus).intoMemorySegment(s, i, ORDER);
        }
    }

    /** As {@link #exponents}, -infinity where a query does not see the key. */
    private static void exponentsMasked(
            MemorySegment s,
            long at,
            MemorySegment lanes,
            long o,
            long offset,
            float c,
            float f,
            int k) {
        FloatVector first = FloatVector.fromMemorySegment(F, lanes, FIRST + o, ORDER);
        FloatVector end = FloatVector.fromMemorySegment(F, lanes, END + o, ORDER);
        FloatVector minus = FloatVector.fromMemorySegment(F, lanes, offset, ORDER).mul(-f);
        FloatVector none = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        float key = k;
        for (long i = at; i < at + BLOCK; i += ROW) {
            var seen = first.compare(LE, key).and(end.compare(GT, key));
            FloatVector v = FloatVector.fromMemorySegment(F, s, i, ORDER);
            v = v.fma(FloatVector.broadcast(F, c), minus);
            none.blend(v, seen).intoMemorySegment(s, i, ORDER);
            key++;
        }
    }

    private static void factors(MemorySegment lanes, float c) {
        for (long o = FACTOR; o < FACTOR + ROW; o += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, lanes, o, ORDER);
            v.mul(c).intoMemorySegment(lanes, o, ORDER);
        }
    }

    private static void sum(MemorySegment s, long at, MemorySegment lanes, long o) {
        FloatVector factor = FloatVector.fromMemorySegment(F, lanes, FACTOR + o, ORDER);
        FloatVector a = FloatVector.fromMemorySegment(F, lanes, SUM + o, ORDER).mul(factor);
        FloatVector b = FloatVector.zero(F);
        for (long i = at; i < at + BLOCK; i += 2 * ROW) {
            a = a.add(FloatVector.fromMemorySegment(F, s, i, ORDER));
            b = b.add(FloatVector.fromMemorySegment(F, s, i + ROW, ORDER));
        }
        a.add(b).intoMemorySegment(lanes, SUM + o, ORDER);
    }

    private static void slopes(MemorySegment s, long p, long dp, MemorySegment lanes, long o) {
        FloatVector dot = FloatVector.fromMemorySegment(F, lanes, DOT + o, ORDER);
        for (long i = 0; i < BLOCK; i += ROW) {
            FloatVector v = FloatVector.fromMemorySegment(F, s, dp + i, ORDER).sub(dot);
            v = v.mul(FloatVector.fromMemorySegment(F, s, p + i, ORDER));
            v.intoMemorySegment(s, dp + i, ORDER);
        }
    }

    /** As {@link #slopes}; what was not computed may be anything and becomes 0. */
    private static void slopesMasked(
            MemorySegment s, long p, long dp, MemorySegment lanes, long o, int k) {
        FloatVector first = FloatVector.fromMemorySegment(F, lanes, FIRST + o, ORDER);
        FloatVector end = FloatVector.fromMemorySegment(F, lanes, END + o, ORDER);
        FloatVector dot = FloatVector.fromMemorySegment(F, lanes, DOT + o, ORDER);
        FloatVector zero = FloatVector.zero(F);
        float key = k;
        for (long i = 0; i < BLOCK; i += ROW) {
            var seen = first.compare(LE, key).and(end.compare(GT, key));
            FloatVector v = FloatVector.fromMemorySegment(F, s, dp + i, ORDER).sub(dot);
            v = v.mul(FloatVector.fromMemorySegment(F, s, p + i, ORDER));
            zero.blend(v, seen).intoMemorySegment(s, dp + i, ORDER);
            key++;
        }
    }
}
