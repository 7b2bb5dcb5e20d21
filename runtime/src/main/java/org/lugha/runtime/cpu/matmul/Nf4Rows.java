package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.Codebook;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/**
 * Codes of four bits. A run is looked up first and multiplied by the numbers of its blocks after,
 * so that what is looked up as bits becomes floats in memory. Vectors of 16 lanes hold the whole
 * codebook; shorter ones take both values of a byte from a table of 256 pairs.
 */
record Nf4Rows(int rows, int columns, int blockShift, MemorySegment codes, BlockScales absmax)
        implements WeightRows {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final boolean HAS_LOOKUP = Lanes.N == 16;
    private static final MemorySegment PAIRS = pairs();
    private static final float[] VALUES = Codebook.nf4();

    /** Lanes of two vectors in turn: of their lower halves, of their upper halves. */
    private static final IntVector LOW = interleaving(0);

    private static final IntVector HIGH = interleaving(Lanes.N / 2);
    private static final IntVector BITS = bits();

    static Nf4Rows of(Quantized.Nf4 w) {
        return new Nf4Rows(
                Math.toIntExact(w.shape().rows()),
                w.shape().last(),
                Integer.numberOfTrailingZeros(w.blockSize()),
                w.codes().memory(),
                BlockScales.of(w.absmax()));
    }

    private static MemorySegment pairs() {
        MemorySegment m = Arena.ofAuto().allocate(8 * 256, 64);
        float[] values = Codebook.nf4();
        for (int b = 0; b < 256; b++) {
            Floats.set(m, 8L * b, values[b >>> 4]);
            Floats.set(m, 8L * b + 4, values[b & 15]);
        }
        return m;
    }

    private static IntVector interleaving(int from) {
        int[] index = new int[Lanes.N];
        for (int i = 0; i < index.length; i++) {
            index[i] = from + i / 2 + i % 2 * Lanes.N;
        }
        return IntVector.fromArray(Lanes.I, index, 0);
    }

    /** The codebook where it fits a vector. */
    static IntVector bits() {
        int[] bits = new int[Math.max(16, Lanes.N)];
        float[] values = Codebook.nf4();
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return IntVector.fromArray(Lanes.I, bits, 0);
    }

    @Override
    public void widen(long row, long column, long n, MemorySegment to, long at) {
        long from = row * columns + column;
        long end = from + n;
        long i = from;
        if (n > 0 && (i & 1) == 1) {
            Floats.set(to, at, VALUES[codes.get(JAVA_BYTE, i >>> 1) & 15]);
            i++;
        }
        if (HAS_LOOKUP) {
            long whole = (end - i) & -32;
            vectors(codes, i >>> 1, whole, to, at + 4 * (i - from));
            i += whole;
        }
        long even = (end - i) & -2;
        pairs(codes, i >>> 1, even, to, at + 4 * (i - from));
        i += even;
        if (i < end) {
            Floats.set(to, at + 4 * (i - from), VALUES[codes.get(JAVA_BYTE, i >>> 1) >>> 4 & 15]);
        }
        scale(from, n, to, at);
    }

    /** Whether every eight codes of a row are whole bytes of one block. */
    private boolean isRegular() {
        return HAS_LOOKUP && columns % 8 == 0;
    }

    /** Of each group the first element of every int, then the second of every int, and so on. */
    @Override
    public void arrange(MemorySegment x, long from, long n, MemorySegment to) {
        long whole = isRegular() ? n / Nf4Dots.GROUP * Nf4Dots.GROUP : 0;
        for (long i = 0; i < whole; i++) {
            long own = i % Nf4Dots.GROUP;
            long target = i - own + own % 8 * Lanes.N + own / 8;
            Floats.set(to, 4 * target, Floats.get(x, from + 4 * i));
        }
        MemorySegment.copy(x, from + 4 * whole, to, 4 * whole, 4 * (n - whole));
    }

    @Override
    public void four(
            MemorySegment x,
            long at,
            long r0,
            long r1,
            long r2,
            long r3,
            MemorySegment own,
            MemorySegment sums) {
        if (!isRegular()) {
            WeightRows.super.four(x, at, r0, r1, r2, r3, own, sums);
            return;
        }
        Floats.set(sums, 0, dot(x, at, r0));
        Floats.set(sums, 4, dot(x, at, r1));
        Floats.set(sums, 8, dot(x, at, r2));
        Floats.set(sums, 12, dot(x, at, r3));
    }

    private float dot(MemorySegment x, long at, long row) {
        long from = row * columns;
        int whole = columns / Nf4Dots.GROUP * Nf4Dots.GROUP;
        long factors = Nf4Dots.OWN_BYTES;
        MemorySegment own = Scratch.mine().of(Purpose.WIDE, factors + columns / 2 + Floats.BYTES);
        factors(from, whole, own, factors);
        float sum = Nf4Dots.groups(x, at, codes, from >>> 1, whole, own);
        if (whole < columns) {
            widen(row, whole, columns - whole, own, 0);
            for (int k = whole; k < columns; k++) {
                float v = Floats.get(own, 4L * (k - whole));
                sum = Math.fma(Floats.get(x, at + 4L * k), v, sum);
            }
        }
        return sum;
    }

    /** The number of its block for every eight elements. */
    private void factors(long from, long n, MemorySegment to, long at) {
        long end = from + n;
        for (long i = from; i < end; ) {
            long block = i >>> blockShift;
            long stop = Math.min(end, block + 1 << blockShift);
            FloatVector factor = FloatVector.broadcast(F, absmax.at(block));
            for (long j = i; j < stop; j += Nf4Dots.GROUP) {
                factor.intoMemorySegment(to, at + (j - from) / 2, ORDER);
            }
            i = stop;
        }
    }

    /** 32 codes at a time. */
    private static void vectors(MemorySegment codes, long from, long n, MemorySegment to, long at) {
        for (long i = 0; i < n; i += 32) {
            var bytes =
                    ByteVector.fromMemorySegment(
                            ByteVector.SPECIES_128, codes, from + (i >>> 1), ORDER);
            var v = (IntVector) bytes.convertShape(ZERO_EXTEND_B2I, Lanes.I, 0);
            IntVector a = v.lanewise(LSHR, 4).selectFrom(BITS);
            IntVector b = v.and(15).selectFrom(BITS);
            LOW.selectFrom(a, b).intoMemorySegment(to, at + 4 * i, ORDER);
            HIGH.selectFrom(a, b).intoMemorySegment(to, at + 4 * i + 64, ORDER);
        }
    }

    private static void pairs(MemorySegment codes, long from, long n, MemorySegment to, long at) {
        for (long i = 0; i < n >>> 1; i++) {
            long both = PAIRS.get(JAVA_LONG_UNALIGNED, 8L * (codes.get(JAVA_BYTE, from + i) & 255));
            to.set(JAVA_LONG_UNALIGNED, at + 8 * i, both);
        }
    }

    /** What was looked up, times the numbers of the blocks that elements {@code from ..} lie in. */
    private void scale(long from, long n, MemorySegment to, long at) {
        long end = from + n;
        for (long i = from; i < end; ) {
            long block = i >>> blockShift;
            long stop = Math.min(end, block + 1 << blockShift);
            float factor = absmax.at(block);
            long here = at + 4 * (i - from);
            long whole = Floats.whole(stop - i);
            multiply(to, here, whole, factor);
            for (long j = whole; j < stop - i; j++) {
                Floats.set(to, here + 4 * j, Floats.get(to, here + 4 * j) * factor);
            }
            i = stop;
        }
    }

    private static void multiply(MemorySegment m, long at, long n, float factor) {
        for (long i = 0; i < n; i += Lanes.N) {
            FloatVector.fromMemorySegment(F, m, at + 4 * i, ORDER)
                    .mul(factor)
                    .intoMemorySegment(m, at + 4 * i, ORDER);
        }
    }
}
