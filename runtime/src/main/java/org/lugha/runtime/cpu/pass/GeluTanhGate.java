package org.lugha.runtime.cpu.pass;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.InLoop;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * GELU by tanh, and its GeGLU: {@code y = x p up} with {@code p = sigma(2u), u = sqrt(2/pi) (x +
 * 0.044715 x^3)}, since {@code (1 + tanh(u)) / 2 = sigma(2u)}; without up it counts as 1. One
 * sweep, see {@link InLoop}. Offsets in bytes, whole vectors.
 */
final class GeluTanhGate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final float TWICE = 1.5957692f; // 2 sqrt(2 / pi)
    private static final float CUBIC = 0.044715f;

    private GeluTanhGate() {}

    /** {@code y = beta y + x p up}. */
    static void forward(
            MemorySegment x, MemorySegment up, MemorySegment y, float beta, long from, long to) {
        MemorySegment t = InLoop.scratch();
        boolean hasUp = Floats.isGiven(up);
        for (long i = from; i < to; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, i, ORDER);
            FloatVector u = v.mul(v).fma(-TWICE * CUBIC, -TWICE).mul(v);
            u = u.blend(88f, u.compare(GT, 88f));
            u = u.blend(InLoop.LEAST, u.compare(LT, InLoop.LEAST));
            FloatVector k = u.fma(InLoop.LOG2_E, InLoop.MAGIC);
            k.intoMemorySegment(t, 0, ORDER);
            IntVector bits = IntVector.fromMemorySegment(Lanes.I, t, 0, ORDER).lanewise(LSHL, 23);
            bits.intoMemorySegment(t, BYTES, ORDER);
            k = k.sub(InLoop.MAGIC);
            FloatVector r = k.fma(FloatVector.broadcast(F, InLoop.LN2_HIGH), u);
            r = k.fma(FloatVector.broadcast(F, InLoop.LN2_LOW), r);
            FloatVector e = r.fma(InLoop.E5, InLoop.E4);
            e = e.fma(r, FloatVector.broadcast(F, InLoop.E3));
            e = e.fma(r, FloatVector.broadcast(F, InLoop.E2));
            e = e.fma(r, FloatVector.broadcast(F, InLoop.E1));
            e = e.mul(r).fma(r, r).add(1f);
            e = e.mul(FloatVector.fromMemorySegment(F, t, BYTES, ORDER));
            FloatVector value = v.div(e.add(1f));
            if (hasUp) {
                value = value.mul(FloatVector.fromMemorySegment(F, up, i, ORDER));
            }
            if (beta != 0) {
                FloatVector before = FloatVector.fromMemorySegment(F, y, i, ORDER);
                value = before.fma(FloatVector.broadcast(F, beta), value);
            }
            value.intoMemorySegment(y, i, ORDER);
        }
    }

    /**
     * {@code dup = x p dy; dx = (p + x p (1 - p) 2u') up dy}, each with its beta if it is wanted.
     */
    static void backward(
            MemorySegment x,
            MemorySegment up,
            MemorySegment dy,
            MemorySegment dx,
            float betaX,
            MemorySegment dup,
            float betaUp,
            long from,
            long to) {
        MemorySegment t = InLoop.scratch();
        boolean hasUp = Floats.isGiven(up);
        boolean hasX = Floats.isGiven(dx);
        boolean hasDup = Floats.isGiven(dup);
        for (long i = from; i < to; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, i, ORDER);
            FloatVector g = FloatVector.fromMemorySegment(F, dy, i, ORDER);
            FloatVector u = v.mul(v).fma(-TWICE * CUBIC, -TWICE).mul(v);
            u = u.blend(88f, u.compare(GT, 88f));
            u = u.blend(InLoop.LEAST, u.compare(LT, InLoop.LEAST));
            FloatVector k = u.fma(InLoop.LOG2_E, InLoop.MAGIC);
            k.intoMemorySegment(t, 0, ORDER);
            IntVector bits = IntVector.fromMemorySegment(Lanes.I, t, 0, ORDER).lanewise(LSHL, 23);
            bits.intoMemorySegment(t, BYTES, ORDER);
            k = k.sub(InLoop.MAGIC);
            FloatVector r = k.fma(FloatVector.broadcast(F, InLoop.LN2_HIGH), u);
            r = k.fma(FloatVector.broadcast(F, InLoop.LN2_LOW), r);
            FloatVector e = r.fma(InLoop.E5, InLoop.E4);
            e = e.fma(r, FloatVector.broadcast(F, InLoop.E3));
            e = e.fma(r, FloatVector.broadcast(F, InLoop.E2));
            e = e.fma(r, FloatVector.broadcast(F, InLoop.E1));
            e = e.mul(r).fma(r, r).add(1f);
            e = e.mul(FloatVector.fromMemorySegment(F, t, BYTES, ORDER));
            FloatVector one = FloatVector.broadcast(F, 1f);
            FloatVector p = one.div(e.add(one));
            FloatVector value = v.mul(p);
            FloatVector du = v.mul(v).fma(3 * TWICE * CUBIC, TWICE);
            FloatVector slope = e.mul(p).mul(value).fma(du, p);
            slope = slope.mul(g);
            value = value.mul(g);
            if (hasUp) {
                slope = slope.mul(FloatVector.fromMemorySegment(F, up, i, ORDER));
            }
            if (hasDup) {
                if (betaUp != 0) {
                    FloatVector before = FloatVector.fromMemorySegment(F, dup, i, ORDER);
                    value = before.fma(FloatVector.broadcast(F, betaUp), value);
                }
                value.intoMemorySegment(dup, i, ORDER);
            }
            if (hasX) {
                if (betaX != 0) {
                    FloatVector before = FloatVector.fromMemorySegment(F, dx, i, ORDER);
                    slope = before.fma(FloatVector.broadcast(F, betaX), slope);
                }
                slope.intoMemorySegment(dx, i, ORDER);
            }
        }
    }
}
