package org.lugha.runtime.cpu.lane;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/**
 * Exponentials of whole vectors in memory; offsets and n in bytes. The same bits whether compiled
 * or not, unlike {@code lanewise(EXP)}.
 *
 * <p>A fraction is found with floats and the exponent added with ints, each in a sweep of its own
 * over a strip, so that the bits change their type in memory. {@code reinterpretAsInts} would do it
 * in registers, but before it is compiled it stores into a heap segment, and from then on the JIT
 * compiles every store of the process for both kinds: loops that store then run two to four times
 * slower. The same holds for {@code VectorMask.cast}.
 */
public final class Powers {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final long STRIP = 4096;
    private static final float MAGIC = 12_582_912f; // 1.5 * 2^23: adding it rounds to an integer

    private Powers() {}

    /**
     * {@code y = e^(a x + b)}, y may be x; an argument above 88 counts as 88, below the smallest
     * normal number the result is 0; NaN stays NaN; error at most 1 ulp; {@code e^0 = 1} exactly.
     */
    public static void exp(
            MemorySegment x, long xo, float a, float b, MemorySegment y, long yo, long n) {
        MemorySegment t = Scratch.mine().of(Purpose.EXPONENTS, STRIP);
        for (long at = 0; at < n; at += STRIP) {
            long m = Math.min(STRIP, n - at);
            fractions(x, xo + at, a, b, y, yo + at, t, m);
            raise(y, yo + at, t, m);
        }
    }

    /**
     * {@code x = 2^x}; x at most 127; 0 below -126; {@code 2^0 = 1} exactly; relative error 9e-8.
     */
    public static void exp2(MemorySegment x, long from, long n) {
        MemorySegment t = Scratch.mine().of(Purpose.EXPONENTS, STRIP);
        for (long at = 0; at < n; at += STRIP) {
            long m = Math.min(STRIP, n - at);
            fractions2(x, from + at, t, m);
            raise(x, from + at, t, m);
        }
    }

    /** {@code x = k ln 2 + r}: e^r into y, MAGIC + k into t, where it is neither tiny nor NaN. */
    private static void fractions(
            MemorySegment x,
            long xo,
            float a,
            float b,
            MemorySegment y,
            long yo,
            MemorySegment t,
            long n) {
        FloatVector factor = FloatVector.broadcast(F, a);
        FloatVector shift = FloatVector.broadcast(F, b);
        FloatVector zero = FloatVector.zero(F);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            v = v.fma(factor, shift).min(88f);
            FloatVector k = v.fma(1.442695f, MAGIC);
            zero.blend(k, v.compare(GE, -87.33654f)).intoMemorySegment(t, i, ORDER);
            k = k.sub(MAGIC);
            FloatVector r = k.fma(FloatVector.broadcast(F, -0.6933594f), v); // few bits: exact
            r = k.fma(FloatVector.broadcast(F, 2.1219444e-4f), r);
            FloatVector p = r.fma(0.0013814539f, 0.008368745f);
            p = p.fma(r, FloatVector.broadcast(F, 0.04166839f));
            p = p.fma(r, FloatVector.broadcast(F, 0.16666521f));
            p = p.fma(r, FloatVector.broadcast(F, 0.49999994f));
            p = p.mul(r).fma(r, r).add(1f);
            p.blend(0f, v.compare(LT, -87.33654f)).intoMemorySegment(y, yo + i, ORDER);
        }
    }

    /** {@code x = k + r}: 2^r into x, MAGIC + k into t. */
    private static void fractions2(MemorySegment x, long from, MemorySegment t, long n) {
        FloatVector zero = FloatVector.zero(F);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, from + i, ORDER);
            FloatVector k = v.add(MAGIC);
            zero.blend(k, v.compare(GE, -126f)).intoMemorySegment(t, i, ORDER);
            FloatVector r = v.sub(k.sub(MAGIC));
            FloatVector p = r.fma(0.00132647f, 0.00967151f);
            p = p.fma(r, FloatVector.broadcast(F, 0.05550734f));
            p = p.fma(r, FloatVector.broadcast(F, 0.24022242f));
            p = p.fma(r, FloatVector.broadcast(F, 0.693147f));
            p = p.fma(r, FloatVector.broadcast(F, 1f));
            p.blend(0f, v.compare(LT, -126f)).intoMemorySegment(x, from + i, ORDER);
        }
    }

    /** {@code y = y 2^k} where t holds MAGIC + k; its low bits are k, those of MAGIC or 0 are 0. */
    private static void raise(MemorySegment y, long yo, MemorySegment t, long n) {
        for (long i = 0; i < n; i += BYTES) {
            IntVector k = IntVector.fromMemorySegment(Lanes.I, t, i, ORDER).lanewise(LSHL, 23);
            IntVector p = IntVector.fromMemorySegment(Lanes.I, y, yo + i, ORDER);
            p.add(k).intoMemorySegment(y, yo + i, ORDER);
        }
    }
}
