package org.lugha.runtime.cpu;

import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * SwiGLU, which most models use, in one sweep: {@code y = p x up} with {@code p = sigma(x)}. The
 * exponential is written out (see {@link Activations}); its argument is clamped, so that {@code 1 +
 * e^-x} stays finite.
 */
final class SiluGate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final float MAGIC = 12_582_912f;
    private static final float LOG2_E = 1.442695f;

    private SiluGate() {}

    /** {@code y = beta y + x sigma(x) up}. */
    static void forward(
            MemorySegment x, MemorySegment up, MemorySegment y, float beta, long from, long to) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = from; i < to; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, i, ORDER);
            FloatVector a = v.neg().max(-87f).min(88f);
            FloatVector t = a.fma(LOG2_E, MAGIC);
            FloatVector k = t.sub(MAGIC);
            FloatVector r = k.fma(FloatVector.broadcast(F, -0.6933594f), a);
            r = k.fma(FloatVector.broadcast(F, 2.1219444e-4f), r);
            FloatVector p = r.fma(0.0013814539f, 0.008368745f);
            p = p.fma(r, FloatVector.broadcast(F, 0.04166839f));
            p = p.fma(r, FloatVector.broadcast(F, 0.16666521f));
            p = p.fma(r, FloatVector.broadcast(F, 0.49999994f));
            p = p.mul(r).fma(r, r).add(1f);
            IntVector n = t.reinterpretAsInts().lanewise(LSHL, 23);
            FloatVector e = p.reinterpretAsInts().add(n).reinterpretAsFloats();
            FloatVector u = FloatVector.fromMemorySegment(F, up, i, ORDER).mul(v);
            FloatVector result = u.div(e.add(one));
            if (beta != 0) {
                FloatVector before = FloatVector.fromMemorySegment(F, y, i, ORDER);
                result = before.fma(FloatVector.broadcast(F, beta), result);
            }
            result.intoMemorySegment(y, i, ORDER);
        }
    }

    /** {@code dup = x p dy; dx = (p + x p (1 - p)) up dy}, each with its beta. */
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
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = from; i < to; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, i, ORDER);
            FloatVector a = v.neg().max(-87f).min(88f);
            FloatVector t = a.fma(LOG2_E, MAGIC);
            FloatVector k = t.sub(MAGIC);
            FloatVector r = k.fma(FloatVector.broadcast(F, -0.6933594f), a);
            r = k.fma(FloatVector.broadcast(F, 2.1219444e-4f), r);
            FloatVector p = r.fma(0.0013814539f, 0.008368745f);
            p = p.fma(r, FloatVector.broadcast(F, 0.04166839f));
            p = p.fma(r, FloatVector.broadcast(F, 0.16666521f));
            p = p.fma(r, FloatVector.broadcast(F, 0.49999994f));
            p = p.mul(r).fma(r, r).add(1f);
            IntVector n = t.reinterpretAsInts().lanewise(LSHL, 23);
            FloatVector e = p.reinterpretAsInts().add(n).reinterpretAsFloats();
            p = one.div(e.add(one));
            FloatVector value = v.mul(p);
            FloatVector g = FloatVector.fromMemorySegment(F, dy, i, ORDER);
            FloatVector slope = e.mul(p).fma(value, p).mul(g);
            slope = slope.mul(FloatVector.fromMemorySegment(F, up, i, ORDER));
            FloatVector gUp = value.mul(g);
            if (betaUp != 0) {
                FloatVector before = FloatVector.fromMemorySegment(F, dup, i, ORDER);
                gUp = before.fma(FloatVector.broadcast(F, betaUp), gUp);
            }
            if (betaX != 0) {
                FloatVector before = FloatVector.fromMemorySegment(F, dx, i, ORDER);
                slope = before.fma(FloatVector.broadcast(F, betaX), slope);
            }
            gUp.intoMemorySegment(dup, i, ORDER);
            slope.intoMemorySegment(dx, i, ORDER);
        }
    }
}
