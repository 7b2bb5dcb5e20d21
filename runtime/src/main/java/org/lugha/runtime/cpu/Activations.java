package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lugha.runtime.spi.Unary;

/** Values and slopes of the functions of {@link Unary} over whole vectors; offsets in bytes. */
final class Activations {
    private static final float SQRT_2_OVER_PI = 0.7978846f;
    private static final float CUBIC = 0.044715f;
    private static final float SQRT_HALF = 0.70710677f;
    private static final float DENSITY = 0.3989423f; // 1 / sqrt(2 pi)

    private Activations() {}

    /** {@code y = f(x)} for n bytes. */
    static void value(Unary f, MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        switch (f) {
            case SILU -> {
                for (long i = 0; i < n; i += BYTES) {
                    FloatVector v = load(x, xo + i);
                    store(v.mul(Lanes.sigmoid(v)), y, yo + i);
                }
            }
            case GELU -> gelu(x, xo, y, yo, n);
            case GELU_TANH -> geluTanh(x, xo, y, yo, n);
            case RELU -> {
                for (long i = 0; i < n; i += BYTES) {
                    store(load(x, xo + i).max(0f), y, yo + i);
                }
            }
            case SIGMOID -> {
                for (long i = 0; i < n; i += BYTES) {
                    store(Lanes.sigmoid(load(x, xo + i)), y, yo + i);
                }
            }
            case TANH -> {
                for (long i = 0; i < n; i += BYTES) {
                    store(Lanes.tanh(load(x, xo + i)), y, yo + i);
                }
            }
        }
    }

    /** {@code s = f(x)} at byte 0 and {@code s = f'(x)} at byte {@code so}, n bytes each. */
    static void both(Unary f, MemorySegment x, long xo, MemorySegment s, long n, long so) {
        switch (f) {
            case SILU -> siluBoth(x, xo, s, n, so);
            case GELU -> geluBoth(x, xo, s, n, so);
            case GELU_TANH -> geluTanhBoth(x, xo, s, n, so);
            case RELU -> reluBoth(x, xo, s, n, so);
            case SIGMOID -> {
                for (long i = 0; i < n; i += BYTES) {
                    FloatVector v = Lanes.sigmoid(load(x, xo + i));
                    store(v, s, i);
                    store(v.neg().fma(v, v), s, so + i);
                }
            }
            case TANH -> {
                for (long i = 0; i < n; i += BYTES) {
                    FloatVector v = Lanes.tanh(load(x, xo + i));
                    store(v, s, i);
                    store(v.neg().fma(v, FloatVector.broadcast(Lanes.F, 1f)), s, so + i);
                }
            }
        }
    }

    private static void siluBoth(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = load(x, xo + i);
            FloatVector p = Lanes.sigmoid(v);
            FloatVector y = v.mul(p);
            store(y, s, i);
            store(y.neg().fma(p, y).add(p), s, so + i);
        }
    }

    private static void reluBoth(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector zero = FloatVector.zero(Lanes.F);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = load(x, xo + i);
            store(v.max(0f), s, i);
            store(zero.blend(1f, v.compare(VectorOperators.GT, 0f)), s, so + i);
        }
    }

    private static void gelu(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = load(x, xo + i);
            FloatVector e = Lanes.exp(v.mul(v).mul(-0.5f));
            store(v.mul(normalBelow(v, e)), y, yo + i);
        }
    }

    private static void geluBoth(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = load(x, xo + i);
            FloatVector e = Lanes.exp(v.mul(v).mul(-0.5f));
            FloatVector below = normalBelow(v, e);
            store(v.mul(below), s, i);
            store(e.mul(DENSITY).fma(v, below), s, so + i);
        }
    }

    /**
     * The normal distribution function, {@code e = exp(-x^2 / 2)} given. With {@code z = |x| /
     * sqrt(2)} and {@code t = 1 / (1 + 0.35 z)}, {@code exp(z^2) erfc(z) / t} is a polynomial of
     * degree 9 in t, relative error 7e-9 (weighted least squares, iterated to minimax).
     */
    private static FloatVector normalBelow(FloatVector x, FloatVector e) {
        FloatVector one = FloatVector.broadcast(Lanes.F, 1f);
        FloatVector t = one.div(x.abs().mul(0.35f * SQRT_HALF).add(one));
        FloatVector p =
                t.fma(0.037607793f, -0.1544695f)
                        .fma(t, FloatVector.broadcast(Lanes.F, 0.1705712f))
                        .fma(t, FloatVector.broadcast(Lanes.F, -0.012561342f))
                        .fma(t, FloatVector.broadcast(Lanes.F, 0.07382577f))
                        .fma(t, FloatVector.broadcast(Lanes.F, 0.1534959f))
                        .fma(t, FloatVector.broadcast(Lanes.F, 0.14845957f))
                        .fma(t, FloatVector.broadcast(Lanes.F, 0.1885242f))
                        .fma(t, FloatVector.broadcast(Lanes.F, 0.19705825f))
                        .fma(t, FloatVector.broadcast(Lanes.F, 0.19748822f));
        FloatVector tail = p.mul(t).mul(e).mul(0.5f);
        return one.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
    }

    private static void geluTanh(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = load(x, xo + i);
            FloatVector u = v.mul(v).fma(SQRT_2_OVER_PI * CUBIC, SQRT_2_OVER_PI).mul(v);
            FloatVector half = v.mul(0.5f);
            store(half.fma(Lanes.tanh(u), half), y, yo + i);
        }
    }

    private static void geluTanhBoth(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector one = FloatVector.broadcast(Lanes.F, 1f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = load(x, xo + i);
            FloatVector v2 = v.mul(v);
            FloatVector t = Lanes.tanh(v2.fma(SQRT_2_OVER_PI * CUBIC, SQRT_2_OVER_PI).mul(v));
            FloatVector half = v.mul(0.5f);
            store(half.fma(t, half), s, i);
            FloatVector du = v2.fma(3 * SQRT_2_OVER_PI * CUBIC, SQRT_2_OVER_PI);
            FloatVector slope = t.neg().fma(t, one).mul(half).mul(du);
            store(t.fma(0.5f, 0.5f).add(slope), s, so + i);
        }
    }
}
