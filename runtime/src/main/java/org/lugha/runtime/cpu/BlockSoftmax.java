package org.lugha.runtime.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Softmax of a block of scores with keys in rows and queries in lanes, so that maxima and sums need
 * no reduction of lanes. Scores are not yet scaled; {@code c = scale log2(e)}.
 *
 * <p>A block is {@link BlockTiles#SIDE} squared at byte {@code at}; what belongs to a query lies in
 * {@code lanes}, one vector of 64 of each of the quantities named below.
 */
final class BlockSoftmax {
    private static final long ROW = 4L * BlockTiles.SIDE;
    private static final long BLOCK = BlockTiles.SIDE * ROW;

    /** Byte offsets within lanes. */
    static final long FIRST = 0;

    static final long END = ROW;
    static final long MAX = 2 * ROW;
    static final long SUM = 3 * ROW;
    static final long FACTOR = 4 * ROW;
    static final long LSE = MAX;
    static final long DOT = SUM;

    /** Bytes of all of them. */
    static final long LANES = 5 * ROW;

    /** Below every score, yet far enough from the end to be subtracted from. */
    static final float NOTHING = -1e30f;

    private static final float MAGIC = 12_582_912f;

    private BlockSoftmax() {}

    /** {@code 2^x} for x up to 1; not below 2^-126; exactly 1 at 0; relative error 9e-8. */
    private static FloatVector exp2(FloatVector x) {
        FloatVector y = x.max(-126f);
        FloatVector t = y.add(MAGIC);
        FloatVector r = y.sub(t.sub(MAGIC));
        FloatVector p =
                r.fma(0.00132647f, 0.00967151f)
                        .fma(r, FloatVector.broadcast(Lanes.F, 0.05550734f))
                        .fma(r, FloatVector.broadcast(Lanes.F, 0.24022242f))
                        .fma(r, FloatVector.broadcast(Lanes.F, 0.693147f))
                        .fma(r, FloatVector.broadcast(Lanes.F, 1f));
        IntVector n = t.reinterpretAsInts().lanewise(LSHL, 23);
        return p.reinterpretAsInts().add(n).reinterpretAsFloats();
    }

    /** Lanes whose query sees key k. */
    private static VectorMask<Float> sees(IntVector first, IntVector end, int k) {
        return first.compare(LE, k).and(end.compare(GT, k)).cast(Lanes.F);
    }

    /**
     * One step of the online softmax: the new maximum, the factor for what was summed before, the
     * scores replaced by {@code exp(scale s - max)}, and their sum added.
     */
    static void online(MemorySegment s, long at, float c, MemorySegment lanes) {
        for (long o = 0; o < ROW; o += BYTES) {
            FloatVector old = load(lanes, MAX + o);
            FloatVector m = max(s, at + o, old);
            FloatVector factor = exp2(old.sub(m).mul(c));
            store(m, lanes, MAX + o);
            store(factor, lanes, FACTOR + o);
            FloatVector minus = m.mul(-c);
            FloatVector sum = load(lanes, SUM + o).mul(factor);
            for (long i = at + o; i < at + BLOCK; i += ROW) {
                FloatVector p = exp2(load(s, i).fma(FloatVector.broadcast(Lanes.F, c), minus));
                store(p, s, i);
                sum = sum.add(p);
            }
            store(sum, lanes, SUM + o);
        }
    }

    private static FloatVector max(MemorySegment s, long at, FloatVector old) {
        FloatVector m = old;
        FloatVector n = old;
        for (long i = at; i < at + BLOCK; i += 2 * ROW) {
            m = m.max(load(s, i));
            n = n.max(load(s, i + ROW));
        }
        return m.max(n);
    }

    /** As {@link #online}; row 0 is key k, and what a query does not see becomes 0. */
    static void onlineMasked(MemorySegment s, long at, float c, MemorySegment lanes, int k) {
        for (long o = 0; o < ROW; o += BYTES) {
            IntVector first = ints(lanes, FIRST + o);
            IntVector end = ints(lanes, END + o);
            FloatVector old = load(lanes, MAX + o);
            FloatVector none = FloatVector.broadcast(Lanes.F, NOTHING);
            FloatVector m = old;
            int key = k;
            for (long i = at + o; i < at + BLOCK; i += ROW) {
                m = m.max(none.blend(load(s, i), sees(first, end, key++)));
            }
            FloatVector factor = exp2(old.sub(m).mul(c));
            store(m, lanes, MAX + o);
            store(factor, lanes, FACTOR + o);
            FloatVector minus = m.mul(-c);
            FloatVector sum = load(lanes, SUM + o).mul(factor);
            FloatVector zero = FloatVector.zero(Lanes.F);
            key = k;
            for (long i = at + o; i < at + BLOCK; i += ROW) {
                FloatVector p = exp2(load(s, i).fma(FloatVector.broadcast(Lanes.F, c), minus));
                p = zero.blend(p, sees(first, end, key++));
                store(p, s, i);
                sum = sum.add(p);
            }
            store(sum, lanes, SUM + o);
        }
    }

    /** {@code p = exp(scale s - lse)} in place of s, {@code ds = p (dp - dot)} in place of dp. */
    static void gradient(MemorySegment s, long at, long dp, float c, MemorySegment lanes) {
        for (long o = 0; o < ROW; o += BYTES) {
            FloatVector minus = load(lanes, LSE + o).neg();
            FloatVector dot = load(lanes, DOT + o);
            for (long i = o; i < BLOCK; i += ROW) {
                FloatVector p = exp2(load(s, at + i).fma(FloatVector.broadcast(Lanes.F, c), minus));
                store(p, s, at + i);
                store(load(s, dp + i).sub(dot).mul(p), s, dp + i);
            }
        }
    }

    /** As {@link #gradient}; row 0 is key k, and what a query does not see becomes 0. */
    static void gradientMasked(
            MemorySegment s, long at, long dp, float c, MemorySegment lanes, int k) {
        FloatVector zero = FloatVector.zero(Lanes.F);
        for (long o = 0; o < ROW; o += BYTES) {
            IntVector first = ints(lanes, FIRST + o);
            IntVector end = ints(lanes, END + o);
            FloatVector minus = load(lanes, LSE + o).neg();
            FloatVector dot = load(lanes, DOT + o);
            int key = k;
            for (long i = o; i < BLOCK; i += ROW) {
                VectorMask<Float> seen = sees(first, end, key++);
                FloatVector p = exp2(load(s, at + i).fma(FloatVector.broadcast(Lanes.F, c), minus));
                store(zero.blend(p, seen), s, at + i);
                store(zero.blend(load(s, dp + i).sub(dot).mul(p), seen), s, dp + i);
            }
        }
    }

    private static IntVector ints(MemorySegment m, long at) {
        return IntVector.fromMemorySegment(Lanes.I, m, at, ByteOrder.LITTLE_ENDIAN);
    }
}
