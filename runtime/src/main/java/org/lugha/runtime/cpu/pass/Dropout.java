package org.lugha.runtime.cpu.pass;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.Philox;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/**
 * {@code y = beta y + (uniform(seed, i) >= p ? factor x : 0)} with Philox in vectors: a lane holds
 * one counter block, so a group of blocks gives two vectors of floats.
 *
 * @param threshold {@code uniform >= p} means 24 random bits are at least this
 */
record Dropout(int threshold, float factor, long seed) {
    private static final VectorSpecies<Long> L = Lanes.F.withLanes(long.class);
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long GROUP = 2L * Lanes.N;
    private static final long LOW = 0xFFFFFFFFL;
    private static final LongVector M0 = LongVector.broadcast(L, 0xD2511F53L);
    private static final LongVector M1 = LongVector.broadcast(L, 0xCD9E8D57L);
    private static final LongVector IOTA = LongVector.zero(L).addIndex(1);

    // Of two vectors of blocks, two ints each: a0 b0 a1 b1 .., and the same from the middle on.
    private static final IntVector FIRST = pairs(0);
    private static final IntVector SECOND = pairs(Lanes.N / 2);

    private static IntVector pairs(int from) {
        int[] lanes = new int[Lanes.N];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = from + i / 4 * 2 + i % 2 + i / 2 % 2 * Lanes.N;
        }
        return IntVector.fromArray(Lanes.I, lanes, 0);
    }

    static Dropout of(double p, long seed) {
        // The uniform is k 2^-24 with an integer k, and scaling by 2^24 is exact.
        return new Dropout((int) Math.ceil(p * 0x1p24), (float) (1 / (1 - p)), seed);
    }

    /** Elements {@code from}, a multiple of four, to {@code to} of x and y. */
    void run(Rows xy, float beta, long from, long to) {
        MemorySegment[] m = xy.floats();
        if (xy.isPlain()) {
            run(m[0], m[1], beta, from, to, 0);
            return;
        }
        for (long at = from; at < to; at += xy.d()) {
            long n = Math.min(xy.d(), to - at);
            xy.openPart(m, at, n);
            run(m[0], m[1], beta, at, at + n, at);
            xy.closePart(m, at, n);
        }
    }

    /** The same where element {@code start} lies at byte 0. */
    private void run(MemorySegment x, MemorySegment y, float beta, long from, long to, long start) {
        MemorySegment bits = Scratch.mine().of(Purpose.STRIP, 4 * GROUP);
        long i = from;
        for (; i + GROUP <= to; i += GROUP) {
            philox(i >>> 2, bits);
            interleave(bits);
            apply(bits, x, y, beta, 4 * (i - start));
        }
        for (; i < to; i++) {
            boolean keep = Philox.bits(seed, i) >>> 8 >= threshold;
            long at = 4 * (i - start);
            Floats.set(y, at, keep ? Floats.get(x, at) * factor : 0, beta);
        }
    }

    private void apply(MemorySegment bits, MemorySegment x, MemorySegment y, float beta, long at) {
        FloatVector zero = FloatVector.zero(Lanes.F);
        for (long i = 0; i < 4 * GROUP; i += Floats.BYTES) {
            // 24 bits are exact as a float: compared as one, the mask need not change its type
            IntVector word = IntVector.fromMemorySegment(Lanes.I, bits, i, ORDER);
            var uniform = (FloatVector) word.lanewise(LSHR, 8).convert(I2F, 0);
            FloatVector kept = Floats.load(x, at + i).mul(factor);
            var keep = uniform.compare(GE, (float) threshold);
            Floats.store(zero.blend(kept, keep), y, at + i, beta);
        }
    }

    /** Words 0 and 1 of the blocks from {@code block} on, then words 2 and 3. */
    private void philox(long block, MemorySegment words) {
        LongVector counter = IOTA.add(block);
        LongVector c0 = counter.and(LOW);
        LongVector c1 = counter.lanewise(LSHR, 32);
        LongVector c2 = LongVector.zero(L);
        LongVector c3 = LongVector.zero(L);
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int round = 0; round < 10; round++) {
            LongVector p0 = c0.mul(M0);
            LongVector p1 = c2.mul(M1);
            c0 = p1.lanewise(LSHR, 32).lanewise(XOR, c1).lanewise(XOR, k0 & LOW);
            c1 = p1.and(LOW);
            c2 = p0.lanewise(LSHR, 32).lanewise(XOR, c3).lanewise(XOR, k1 & LOW);
            c3 = p0.and(LOW);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        c1.lanewise(LSHL, 32).or(c0).intoMemorySegment(words, 0, ORDER);
        c3.lanewise(LSHL, 32).or(c2).intoMemorySegment(words, Floats.BYTES, ORDER);
    }

    private static void interleave(MemorySegment words) {
        IntVector a = IntVector.fromMemorySegment(Lanes.I, words, 0, ORDER);
        IntVector b = IntVector.fromMemorySegment(Lanes.I, words, Floats.BYTES, ORDER);
        FIRST.selectFrom(a, b).intoMemorySegment(words, 0, ORDER);
        SECOND.selectFrom(a, b).intoMemorySegment(words, 4L * Lanes.N, ORDER);
    }
}
