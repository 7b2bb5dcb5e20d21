package org.lugha.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.cpu.Scratch.Purpose;
import org.lugha.runtime.spi.Unary;

/**
 * Functions of one variable times something else. Values and slopes of a strip go to scratch that
 * stays in the first cache, then a product sweeps over it: one loop a function, not one for each
 * pair of function and use. Offsets in bytes, whole vectors.
 */
final class Gates {
    /** Bytes of a strip; values are at 0, slopes behind them. */
    private static final long STRIP = 8192;

    private Gates() {}

    private static MemorySegment strip() {
        return Scratch.mine().of(Purpose.STRIP, 2 * STRIP);
    }

    static void unary(Unary f, MemorySegment x, MemorySegment y, float beta, long from, long to) {
        MemorySegment s = strip();
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.both(f, x, at, s, n, STRIP);
            CpuCopy.addRun(s, 0, y, at, n / 4, beta);
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
        MemorySegment s = strip();
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.both(f, x, at, s, n, STRIP);
            Arithmetic.mul(s, STRIP, dy, at, dx, at, beta, n);
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
            SiluGate.forward(gate, up, y, beta, from, to);
            return;
        }
        MemorySegment s = strip();
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.both(f, gate, at, s, n, STRIP);
            Arithmetic.mul(s, 0, up, at, y, at, beta, n);
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
            SiluGate.backward(gate, up, dy, dgate, betaGate, dup, betaUp, from, to);
            return;
        }
        MemorySegment s = strip();
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Activations.both(f, gate, at, s, n, STRIP);
            if (Floats.isGiven(dup)) {
                Arithmetic.mul(s, 0, dy, at, dup, at, betaUp, n);
            }
            if (Floats.isGiven(dgate)) {
                Arithmetic.mul(s, STRIP, up, at, s, 0, 0, n);
                Arithmetic.mul(s, 0, dy, at, dgate, at, betaGate, n);
            }
        }
    }
}
