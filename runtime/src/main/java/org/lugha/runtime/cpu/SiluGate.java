package org.lugha.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.Scratch.Purpose;

/**
 * SwiGLU, which most models use: {@code y = x p up} with {@code p = sigma(x)}, both products in one
 * sweep over a strip. Offsets in bytes, whole vectors.
 */
final class SiluGate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final long STRIP = 4096;

    private SiluGate() {}

    /** {@code y = beta y + x sigma(x) up}. */
    static void forward(
            MemorySegment x, MemorySegment up, MemorySegment y, float beta, long from, long to) {
        MemorySegment e = Scratch.mine().of(Purpose.STRIP, STRIP);
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Powers.exp(x, at, -1, 0, e, 0, n);
            values(e, x, up, y, beta, at, n);
        }
    }

    private static void values(
            MemorySegment s,
            MemorySegment x,
            MemorySegment up,
            MemorySegment y,
            float beta,
            long at,
            long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER);
            FloatVector v = FloatVector.fromMemorySegment(F, x, at + i, ORDER);
            v = v.mul(FloatVector.fromMemorySegment(F, up, at + i, ORDER)).div(e.add(1f));
            if (beta != 0) {
                FloatVector before = FloatVector.fromMemorySegment(F, y, at + i, ORDER);
                v = before.fma(FloatVector.broadcast(F, beta), v);
            }
            v.intoMemorySegment(y, at + i, ORDER);
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
        MemorySegment e = Scratch.mine().of(Purpose.STRIP, STRIP);
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Powers.exp(x, at, -1, 0, e, 0, n);
            gradients(e, x, up, dy, dx, betaX, dup, betaUp, at, n);
        }
    }

    private static void gradients(
            MemorySegment s,
            MemorySegment x,
            MemorySegment up,
            MemorySegment dy,
            MemorySegment dx,
            float betaX,
            MemorySegment dup,
            float betaUp,
            long at,
            long n) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector e = FloatVector.fromMemorySegment(F, s, i, ORDER);
            FloatVector p = one.div(e.add(one));
            FloatVector value = FloatVector.fromMemorySegment(F, x, at + i, ORDER).mul(p);
            FloatVector g = FloatVector.fromMemorySegment(F, dy, at + i, ORDER);
            FloatVector slope = e.mul(p).fma(value, p).mul(g);
            slope = slope.mul(FloatVector.fromMemorySegment(F, up, at + i, ORDER));
            value = value.mul(g);
            if (betaUp != 0) {
                FloatVector before = FloatVector.fromMemorySegment(F, dup, at + i, ORDER);
                value = before.fma(FloatVector.broadcast(F, betaUp), value);
            }
            if (betaX != 0) {
                FloatVector before = FloatVector.fromMemorySegment(F, dx, at + i, ORDER);
                slope = before.fma(FloatVector.broadcast(F, betaX), slope);
            }
            value.intoMemorySegment(dup, at + i, ORDER);
            slope.intoMemorySegment(dx, at + i, ORDER);
        }
    }
}
