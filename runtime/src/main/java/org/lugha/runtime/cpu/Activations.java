package org.lugha.runtime.cpu;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.spi.Unary;

/**
 * Values and slopes of the functions of {@link Unary} over a strip that stays in the first cache:
 * whole vectors, offsets and n in bytes. All but one come from one exponential; with {@code p = 1 /
 * (1 + e)} the difference {@code 1 - p} is {@code e p}, and {@code (1 + tanh(u)) / 2 = sigma(2u)}.
 *
 * <p>Each loop calls nothing but the Vector API, so it compiles well wherever it is inlined.
 */
final class Activations {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final float TWICE = 1.5957692f; // 2 sqrt(2 / pi)
    private static final float CUBIC = 0.044715f;
    private static final float SQRT_HALF = 0.70710677f;
    private static final float DENSITY = 0.3989423f; // 1 / sqrt(2 pi)

    private Activations() {}

    /** {@code f(x)} into s from byte 0, and {@code f'(x)} into s from byte {@code so}. */
    static void both(Unary f, MemorySegment x, long xo, MemorySegment s, long n, long so) {
        switch (f) {
            case SILU -> {
                Powers.exp(x, xo, -1, 0, s, 0, n);
                silu(x, xo, s, n, so);
            }
            case GELU -> {
                squared(x, xo, s, n);
                Powers.exp(s, 0, 1, 0, s, 0, n);
                gelu(x, xo, s, n, so);
            }
            case GELU_TANH -> {
                cubic(x, xo, s, n);
                Powers.exp(s, 0, 1, 0, s, 0, n);
                geluTanh(x, xo, s, n, so);
            }
            case RELU -> relu(x, xo, s, n, so);
            case SIGMOID -> {
                Powers.exp(x, xo, -1, 0, s, 0, n);
                sigmoid(s, n, so);
            }
            case TANH -> {
                magnitude(x, xo, s, n);
                Powers.exp(s, 0, 2, 0, s, 0, n);
                tanh(x, xo, s, n, so);
            }
        }
    }

    private static void squared(MemorySegment x, long xo, MemorySegment s, long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            v.mul(v).mul(-0.5f).intoMemorySegment(s, i, ORDER);
        }
    }

    private static void cubic(MemorySegment x, long xo, MemorySegment s, long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            v.mul(v).fma(-TWICE * CUBIC, -TWICE).mul(v).intoMemorySegment(s, i, ORDER);
        }
    }

    private static void sigmoid(MemorySegment s, long n, long so) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER);
            FloatVector p = one.div(e.add(one));
            p.intoMemorySegment(s, i, ORDER);
            p.mul(p).mul(e).intoMemorySegment(s, so + i, ORDER);
        }
    }

    /** {@code y = x p; y' = p + y (1 - p)}. */
    private static void silu(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER);
            FloatVector p = one.div(e.add(one));
            FloatVector y = v.mul(p);
            y.intoMemorySegment(s, i, ORDER);
            e.mul(p).fma(y, p).intoMemorySegment(s, so + i, ORDER);
        }
    }

    /** {@code y = x p; y' = p + y (1 - p) 2u'}. */
    private static void geluTanh(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER);
            FloatVector p = one.div(e.add(one));
            FloatVector y = v.mul(p);
            y.intoMemorySegment(s, i, ORDER);
            FloatVector du = v.mul(v).fma(3 * TWICE * CUBIC, TWICE);
            e.mul(p).mul(y).fma(du, p).intoMemorySegment(s, so + i, ORDER);
        }
    }

    /**
     * {@code y = x Phi(x); y' = Phi(x) + x phi(x)}, s holding {@code exp(-x^2 / 2)}. With {@code z
     * = |x| / sqrt(2)} and {@code t = 1 / (1 + 0.35 z)}, {@code exp(z^2) erfc(z) / t} is a
     * polynomial of degree 9 in t, relative error 7e-9 (least squares, reweighted to minimax).
     */
    private static void gelu(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER);
            FloatVector t = one.div(v.abs().mul(0.35f * SQRT_HALF).add(one));
            FloatVector p = t.fma(0.037607793f, -0.1544695f);
            p = p.fma(t, FloatVector.broadcast(F, 0.1705712f));
            p = p.fma(t, FloatVector.broadcast(F, -0.012561342f));
            p = p.fma(t, FloatVector.broadcast(F, 0.07382577f));
            p = p.fma(t, FloatVector.broadcast(F, 0.1534959f));
            p = p.fma(t, FloatVector.broadcast(F, 0.14845957f));
            p = p.fma(t, FloatVector.broadcast(F, 0.1885242f));
            p = p.fma(t, FloatVector.broadcast(F, 0.19705825f));
            p = p.fma(t, FloatVector.broadcast(F, 0.19748822f));
            FloatVector tail = p.mul(t).mul(e).mul(0.5f);
            FloatVector below = one.sub(tail).blend(tail, v.compare(LT, 0f));
            v.mul(below).intoMemorySegment(s, i, ORDER);
            e.mul(DENSITY).fma(v, below).intoMemorySegment(s, so + i, ORDER);
        }
    }

    private static void relu(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector zero = FloatVector.zero(F);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            v.max(0f).intoMemorySegment(s, i, ORDER);
            zero.blend(1f, v.compare(GT, 0f)).intoMemorySegment(s, so + i, ORDER);
        }
    }

    private static void magnitude(MemorySegment x, long xo, MemorySegment s, long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            v.abs().intoMemorySegment(s, i, ORDER);
        }
    }

    /** A polynomial up to 0.625, else {@code 1 - 2 / (1 + e^2|x|)} with the sign of x. */
    private static void tanh(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        FloatVector two = FloatVector.broadcast(F, 2f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            FloatVector z = v.mul(v);
            FloatVector p = z.fma(-0.0057049873f, 0.020639088f);
            p = p.fma(z, FloatVector.broadcast(F, -0.053739715f));
            p = p.fma(z, FloatVector.broadcast(F, 0.13331442f));
            p = p.fma(z, FloatVector.broadcast(F, -0.3333328f));
            p = p.mul(z).fma(v, v);
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER).add(one);
            FloatVector big = one.sub(two.div(e));
            big = big.blend(big.neg(), v.compare(LT, 0f));
            FloatVector y = p.blend(big, v.abs().compare(GE, 0.625f));
            y.intoMemorySegment(s, i, ORDER);
            y.neg().fma(y, one).intoMemorySegment(s, so + i, ORDER);
        }
    }
}
