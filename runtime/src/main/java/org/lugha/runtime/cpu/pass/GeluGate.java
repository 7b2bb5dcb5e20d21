package org.lugha.runtime.cpu.pass;

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
 * GELU by erf, and GeGLU: {@code y = x Phi(x) up}; without up it counts as 1. One sweep, see {@link
 * InLoop}. Offsets in bytes, whole vectors.
 *
 * <p>With {@code e = exp(-x^2 / 2), z = 1 / (1 + 0.35 |x| / sqrt(2))} the tail {@code Phi(-|x|)} is
 * {@code e z / 2} times a polynomial of degree 9 in z, relative error 7e-9 (least squares,
 * reweighted to minimax).
 */
final class GeluGate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final float SCALE = 0.24748738f; // 0.35 / sqrt(2)
    private static final float DENSITY = 0.3989423f; // 1 / sqrt(2 pi)

    private GeluGate() {}

    /** {@code y = beta y + x Phi(x) up}. */
    static void forward(
            MemorySegment x, MemorySegment up, MemorySegment y, float beta, long from, long to) {
        MemorySegment t = InLoop.scratch();
        boolean hasUp = Floats.isGiven(up);
        for (long i = from; i < to; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, i, ORDER);
            FloatVector u = v.mul(v).mul(-0.5f);
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
            FloatVector z = one.div(v.abs().fma(SCALE, 1f));
            FloatVector p = z.fma(0.037607793f, -0.1544695f);
            p = p.fma(z, FloatVector.broadcast(F, 0.1705712f));
            p = p.fma(z, FloatVector.broadcast(F, -0.012561342f));
            p = p.fma(z, FloatVector.broadcast(F, 0.07382577f));
            p = p.fma(z, FloatVector.broadcast(F, 0.1534959f));
            p = p.fma(z, FloatVector.broadcast(F, 0.14845957f));
            p = p.fma(z, FloatVector.broadcast(F, 0.1885242f));
            p = p.fma(z, FloatVector.broadcast(F, 0.19705825f));
            p = p.fma(z, FloatVector.broadcast(F, 0.19748822f));
            p = p.mul(z).mul(e).mul(0.5f);
            p = one.sub(p).blend(p, v.compare(LT, 0f));
            FloatVector value = v.mul(p);
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
     * {@code dup = x Phi(x) dy; dx = (Phi(x) + x phi(x)) up dy}, each with its beta if it is
     * wanted.
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
            FloatVector u = v.mul(v).mul(-0.5f);
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
            FloatVector z = one.div(v.abs().fma(SCALE, 1f));
            FloatVector p = z.fma(0.037607793f, -0.1544695f);
            p = p.fma(z, FloatVector.broadcast(F, 0.1705712f));
            p = p.fma(z, FloatVector.broadcast(F, -0.012561342f));
            p = p.fma(z, FloatVector.broadcast(F, 0.07382577f));
            p = p.fma(z, FloatVector.broadcast(F, 0.1534959f));
            p = p.fma(z, FloatVector.broadcast(F, 0.14845957f));
            p = p.fma(z, FloatVector.broadcast(F, 0.1885242f));
            p = p.fma(z, FloatVector.broadcast(F, 0.19705825f));
            p = p.fma(z, FloatVector.broadcast(F, 0.19748822f));
            p = p.mul(z).mul(e).mul(0.5f);
            p = one.sub(p).blend(p, v.compare(LT, 0f));
            FloatVector value = v.mul(p);
            FloatVector slope = e.mul(DENSITY).fma(v, p);
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
