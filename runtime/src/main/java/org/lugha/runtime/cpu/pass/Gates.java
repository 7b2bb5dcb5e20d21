package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.spi.Unary;

/**
 * Functions of one variable, alone or times {@code up}, which is {@link Floats#NONE} then. Those
 * that models multiply by have loops of their own; the others leave values and slopes of a strip in
 * scratch that stays in the first cache, and a product sweeps over it. Offsets in bytes, whole
 * vectors.
 */
final class Gates {
    /** Bytes of a strip; values are at 0, slopes behind them. */
    private static final long STRIP = 8192;

    private Gates() {}

    private static MemorySegment strip() {
        return Scratch.mine().of(Purpose.STRIP, 2 * STRIP);
    }

    /** {@code y = beta y + f(x) up}. */
    static void forward(
            Unary f,
            MemorySegment x,
            MemorySegment up,
            MemorySegment y,
            float beta,
            long from,
            long to) {
        switch (f) {
            case SILU -> SiluGate.forward(x, up, y, beta, from, to);
            case GELU -> GeluGate.forward(x, up, y, beta, from, to);
            case GELU_TANH -> GeluTanhGate.forward(x, up, y, beta, from, to);
            case RELU, SIGMOID, TANH, SOFTPLUS -> {
                MemorySegment s = strip();
                for (long at = from; at < to; at += STRIP) {
                    long n = Math.min(STRIP, to - at);
                    Activations.both(f, x, at, s, n, STRIP);
                    if (Floats.isGiven(up)) {
                        Arithmetic.mul(s, 0, up, at, y, at, beta, n);
                    } else {
                        CpuCopy.addRun(s, 0, y, at, n / 4, beta);
                    }
                }
            }
        }
    }

    /** {@code dx = f'(x) up dy; dup = f(x) dy}, each with its beta if it is wanted. */
    static void backward(
            Unary f,
            MemorySegment x,
            MemorySegment up,
            MemorySegment dy,
            MemorySegment dx,
            float betaX,
            MemorySegment dup,
            float betaUp,
            long from,
            long to) {
        switch (f) {
            case SILU -> SiluGate.backward(x, up, dy, dx, betaX, dup, betaUp, from, to);
            case GELU -> GeluGate.backward(x, up, dy, dx, betaX, dup, betaUp, from, to);
            case GELU_TANH -> GeluTanhGate.backward(x, up, dy, dx, betaX, dup, betaUp, from, to);
            case RELU, SIGMOID, TANH, SOFTPLUS -> {
                MemorySegment s = strip();
                for (long at = from; at < to; at += STRIP) {
                    long n = Math.min(STRIP, to - at);
                    Activations.both(f, x, at, s, n, STRIP);
                    products(s, at, up, dy, dx, betaX, dup, betaUp, n);
                }
            }
        }
    }

    /** In place, dup may be up and dx may be dy: what is written first must not be read after. */
    private static void products(
            MemorySegment s,
            long at,
            MemorySegment up,
            MemorySegment dy,
            MemorySegment dx,
            float betaX,
            MemorySegment dup,
            float betaUp,
            long n) {
        if (Floats.isGiven(up)) {
            Arithmetic.mul(s, STRIP, up, at, s, STRIP, 0, n);
        }
        if (Floats.isGiven(dup)) {
            Arithmetic.mul(s, 0, dy, at, s, 0, 0, n);
        }
        if (Floats.isGiven(dx)) {
            Arithmetic.mul(s, STRIP, dy, at, dx, at, betaX, n);
        }
        if (Floats.isGiven(dup)) {
            CpuCopy.addRun(s, 0, dup, at, n / 4, betaUp);
        }
    }
}
