package org.lugha.runtime.cpu.lane;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.DType;
import org.lugha.runtime.cpu.matmul.HalfDots;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/**
 * Runs of elements from one type to another, to and from F32 with vectors. Every narrowing rounds
 * to nearest even, with the same bits as {@link DType#set}.
 */
public final class Convert {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Double> D = Lanes.F.withLanes(double.class);

    /** As many floats as a vector has doubles. */

    // As many shorts as a vector has floats; with the narrowest vectors the upper half is unused.
    private static final VectorSpecies<Short> S =
            VectorSpecies.of(
                    short.class, VectorShape.forBitSize(Math.max(64, Lanes.F.vectorBitSize() / 2)));

    private Convert() {}

    /** Whether {@link #run} knows this pair. */
    public static boolean knows(DType from, DType to) {
        return from == to
                || from == DType.F32 && to != DType.I32 && to != DType.U8
                || to == DType.F32 && from != DType.I32 && from != DType.U8;
    }

    /** {@code y = x} for n elements; offsets in bytes. */
    public static void run(
            DType from, MemorySegment x, long xo, DType to, MemorySegment y, long yo, long n) {
        if (from == to) {
            MemorySegment.copy(x, xo, y, yo, n * from.bytes());
            return;
        }
        long whole = Floats.whole(n);
        if (to == DType.F32) {
            switch (from) {
                case BF16 -> fromBf16(x, xo, y, yo, whole);
                case F16 -> fromF16(x, xo, y, yo, whole);
                default -> fromF64(x, xo, y, yo, whole);
            }
        } else {
            switch (to) {
                case BF16 -> toBf16(x, xo, y, yo, whole);
                case F16 -> toF16(x, xo, y, yo, whole);
                default -> toF64(x, xo, y, yo, whole);
            }
        }
        if (whole < n) {
            MemorySegment in = x.asSlice(xo, n * from.bytes());
            MemorySegment out = y.asSlice(yo, n * to.bytes());
            for (long i = whole; i < n; i++) {
                to.set(out, i, from.get(in, i));
            }
        }
    }

    private static IntVector shorts(MemorySegment x, long at) {
        return (IntVector)
                ShortVector.fromMemorySegment(S, x, at, LE).convertShape(S2I, Lanes.I, 0);
    }

    private static void store(IntVector v, MemorySegment y, long at) {
        ((ShortVector) v.convertShape(I2S, S, 0)).intoMemorySegment(y, at, LE);
    }

    private static void fromBf16(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        for (long i = 0; i < n; i += Lanes.N) {
            IntVector v = shorts(x, xo + 2 * i).lanewise(LSHL, 16);
            v.intoMemorySegment(y, yo + 4 * i, LE);
        }
    }

    private static void toBf16(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        for (long i = 0; i < n; i += Lanes.N) {
            IntVector v = IntVector.fromMemorySegment(Lanes.I, x, xo + 4 * i, LE);
            IntVector high = v.lanewise(LSHR, 16);
            IntVector rounded = v.add(high.and(1)).add(0x7FFF).lanewise(LSHR, 16);
            IntVector quiet = high.or(0x40);
            var isNaN = v.and(0x7FFFFFFF).compare(GT, 0x7F800000);
            store(rounded.blend(quiet, isNaN), y, yo + 2 * i);
        }
    }

    /**
     * Shifted into place a half has an exponent 112 too small, which an exact product mends. As in
     * {@link HalfDots}, bits change their type in a line of memory.
     */
    private static void fromF16(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        MemorySegment own = Scratch.mine().of(Purpose.BITS, Floats.BYTES);
        for (long i = 0; i < n; i += Lanes.N) {
            IntVector v = shorts(x, xo + 2 * i);
            IntVector a = v.lanewise(LSHL, 13).and(0xFFFE000);
            a = a.lanewise(OR, 0x7F800000, a.compare(GE, 0xF800000));
            a.or(v.lanewise(LSHL, 16).and(0x80000000)).intoMemorySegment(own, 0, LE);
            FloatVector f = FloatVector.fromMemorySegment(Lanes.F, own, 0, LE);
            f.mul(0x1p112f).intoMemorySegment(y, yo + 4 * i, LE);
        }
    }

    /**
     * Normal halves round in integers; subnormal ones by adding a half, whose last place is that of
     * the smallest half.
     */
    private static void toF16(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        MemorySegment own = Scratch.mine().of(Purpose.BITS, Floats.BYTES);
        for (long i = 0; i < n; i += Lanes.N) {
            FloatVector f = FloatVector.fromMemorySegment(Lanes.F, x, xo + 4 * i, LE);
            f.abs().add(0.5f).intoMemorySegment(own, 0, LE);
            IntVector v = IntVector.fromMemorySegment(Lanes.I, x, xo + 4 * i, LE);
            IntVector tiny = IntVector.fromMemorySegment(Lanes.I, own, 0, LE);
            IntVector a = v.and(0x7FFFFFFF);
            IntVector odd = a.lanewise(LSHR, 13).and(1);
            IntVector r = a.add(odd).add(0xFFF - (112 << 23)).lanewise(ASHR, 13);
            r = r.blend(tiny.sub(0x3F000000), a.compare(LT, 113 << 23));
            r = r.blend(0x7C00, a.compare(GE, 0x477FF000));
            IntVector nan = a.lanewise(LSHR, 13).and(0x3FF).or(0x7E00);
            r = r.blend(nan, a.compare(GT, 0x7F800000));
            store(v.lanewise(LSHR, 16).and(0x8000).or(r), y, yo + 2 * i);
        }
    }

    /** Element by element: a vector of half as many floats would be a second width of floats. */
    private static void fromF64(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        for (long i = 0; i < n; i++) {
            Floats.set(y, yo + 4 * i, (float) x.get(JAVA_DOUBLE_UNALIGNED, xo + 8 * i));
        }
    }

    private static void toF64(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        for (long i = 0; i < n; i += Lanes.N) {
            FloatVector v = FloatVector.fromMemorySegment(Lanes.F, x, xo + 4 * i, LE);
            ((DoubleVector) v.convertShape(F2D, D, 0)).intoMemorySegment(y, yo + 8 * i, LE);
            ((DoubleVector) v.convertShape(F2D, D, 1))
                    .intoMemorySegment(y, yo + 8 * (i + D.length()), LE);
        }
    }
}
