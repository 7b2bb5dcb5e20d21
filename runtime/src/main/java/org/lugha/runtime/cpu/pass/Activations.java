package org.lugha.runtime.cpu.pass;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Powers;
import org.lugha.runtime.spi.Unary;

/**
 * Values and slopes of those functions of {@link Unary} that have no loop of their own, over a
 * strip that stays in the first cache: whole vectors, offsets and n in bytes. With {@code p = 1 /
 * (1 + e)} the difference {@code 1 - p} is {@code e p}.
 *
 * <p>Each loop calls nothing but the Vector API, so it compiles well wherever it is inlined.
 */
final class Activations {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;

    private Activations() {}

    /** {@code f(x)} into s from byte 0, and {@code f'(x)} into s from byte {@code so}. */
    static void both(Unary f, MemorySegment x, long xo, MemorySegment s, long n, long so) {
        switch (f) {
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
            case SOFTPLUS -> {
                magnitude(x, xo, s, n);
                Powers.exp(s, 0, -1, 0, s, 0, n);
                softplus(x, xo, s, n, so);
            }
            default -> throw new IllegalArgumentException(f + " has a loop of its own");
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

    /**
     * {@code max(x, 0) + log(1 + e)} with {@code e = e^-|x|}; {@code log(1 + e) = 2 atanh(u), u = e
     * / (2 + e)}, at most 1/3, by its series to u^15.
     */
    private static void softplus(MemorySegment x, long xo, MemorySegment s, long n, long so) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xo + i, ORDER);
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER);
            FloatVector u = e.div(e.add(2f));
            FloatVector z = u.mul(u);
            FloatVector p = z.fma(2f / 15, 2f / 13);
            p = p.fma(z, FloatVector.broadcast(F, 2f / 11));
            p = p.fma(z, FloatVector.broadcast(F, 2f / 9));
            p = p.fma(z, FloatVector.broadcast(F, 2f / 7));
            p = p.fma(z, FloatVector.broadcast(F, 2f / 5));
            p = p.fma(z, FloatVector.broadcast(F, 2f / 3));
            p = p.mul(z).fma(u, u.add(u));
            p.add(v.max(0f)).intoMemorySegment(s, i, ORDER);
            FloatVector q = one.div(e.add(one));
            q.mul(e).blend(q, v.compare(GE, 0f)).intoMemorySegment(s, so + i, ORDER);
        }
    }
}
