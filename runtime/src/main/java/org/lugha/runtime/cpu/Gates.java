package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.cpu.Scratch.Purpose;
import org.lugha.runtime.spi.Unary;

/**
 * Functions of one variable times something else. Values and slopes of a strip go to scratch that
 * stays in the first cache, then a product sweeps over it: one loop a function, not one for each
 * pair of function and use. SiLU, which most models gate with, has loops of its own.
 */
final class Gates {
    /** Bytes of a strip. */
    private static final long STRIP = 8192;

    private Gates() {}

    static void unary(Unary f, MemorySegment x, MemorySegment y, float beta, long from, long to) {
        if (beta == 0) {
            Activations.value(f, x, from, y, from, to - from);
            return;
        }
        MemorySegment s = Scratch.mine().of(Purpose.STRIP, 2 * STRIP);
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.value(f, x, at, s, 0, n);
            for (long i = 0; i < n; i += BYTES) {
                store(load(s, i), y, at + i, beta);
            }
        }
    }

    static void unaryBackward(
            Unary f,
            MemorySegment x,
            MemorySegment dy,
            MemorySegment dx,
            float beta,
            long from,
            long to) {
        MemorySegment s = Scratch.mine().of(Purpose.STRIP, 2 * STRIP);
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.both(f, x, at, s, n, STRIP);
            product(s, STRIP, dy, dx, beta, at, n);
        }
    }

    static void gate(
            Unary f,
            MemorySegment gate,
            MemorySegment up,
            MemorySegment y,
            float beta,
            long from,
            long to) {
        if (f == Unary.SILU) {
            siluGate(gate, up, y, beta, from, to);
            return;
        }
        MemorySegment s = Scratch.mine().of(Purpose.STRIP, 2 * STRIP);
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.value(f, gate, at, s, 0, n);
            product(s, 0, up, y, beta, at, n);
        }
    }

    static void gateBackward(
            Unary f,
            MemorySegment gate,
            MemorySegment up,
            MemorySegment dy,
            MemorySegment dgate,
            float betaGate,
            MemorySegment dup,
            float betaUp,
            long from,
            long to) {
        if (f == Unary.SILU && Floats.isGiven(dgate) && Floats.isGiven(dup)) {
            siluGateBackward(gate, up, dy, dgate, betaGate, dup, betaUp, from, to);
            return;
        }
        MemorySegment s = Scratch.mine().of(Purpose.STRIP, 2 * STRIP);
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.both(f, gate, at, s, n, STRIP);
            if (Floats.isGiven(dup)) {
                product(s, 0, dy, dup, betaUp, at, n);
            }
            if (Floats.isGiven(dgate)) {
                product3(s, STRIP, up, dy, dgate, betaGate, at, n);
            }
        }
    }

    /** {@code y = beta y + s x}, s at its own offset. */
    private static void product(
            MemorySegment s,
            long so,
            MemorySegment x,
            MemorySegment y,
            float beta,
            long at,
            long n) {
        for (long i = 0; i < n; i += BYTES) {
            store(load(s, so + i).mul(load(x, at + i)), y, at + i, beta);
        }
    }

    /** {@code y = beta y + s a b}, s at its own offset. */
    private static void product3(
            MemorySegment s,
            long so,
            MemorySegment a,
            MemorySegment b,
            MemorySegment y,
            float beta,
            long at,
            long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = load(s, so + i).mul(load(a, at + i)).mul(load(b, at + i));
            store(v, y, at + i, beta);
        }
    }

    private static void siluGate(
            MemorySegment gate, MemorySegment up, MemorySegment y, float beta, long from, long to) {
        for (long i = from; i < to; i += BYTES) {
            FloatVector x = load(gate, i);
            store(x.mul(Lanes.sigmoid(x)).mul(load(up, i)), y, i, beta);
        }
    }

    private static void siluGateBackward(
            MemorySegment gate,
            MemorySegment up,
            MemorySegment dy,
            MemorySegment dgate,
            float betaGate,
            MemorySegment dup,
            float betaUp,
            long from,
            long to) {
        for (long i = from; i < to; i += BYTES) {
            FloatVector x = load(gate, i);
            FloatVector g = load(dy, i);
            FloatVector s = Lanes.sigmoid(x);
            FloatVector value = x.mul(s);
            FloatVector slope = value.neg().fma(s, value).add(s);
            store(value.mul(g), dup, i, betaUp);
            store(slope.mul(g).mul(load(up, i)), dgate, i, betaGate);
        }
    }
}
