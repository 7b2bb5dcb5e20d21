package org.lugha.runtime.cpu.pass;

import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.SoftmaxRow;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.spi.Unary;

/** {@code y = cap tanh(x / cap)}. Offsets in bytes, whole vectors. */
final class SoftCap {
    private static final long STRIP = 4096;

    private SoftCap() {}

    static void forward(
            float cap, MemorySegment x, MemorySegment y, float beta, long from, long to) {
        MemorySegment s = Scratch.mine().of(Purpose.STRIP, 3 * STRIP);
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            divide(x, at, cap, s, 2 * STRIP, n);
            Activations.both(Unary.TANH, s, 2 * STRIP, s, n, STRIP);
            SoftmaxRow.scale(s, 0, cap, y, beta, at, n / 4);
        }
    }

    private static void divide(
            MemorySegment x, long xo, float cap, MemorySegment s, long so, long n) {
        for (long i = 0; i < n; i += BYTES) {
            store(load(x, xo + i).div(cap), s, so + i);
        }
    }

    /** {@code dx = beta dx + (1 - (y / cap)^2) dy}. */
    static void backward(
            float cap,
            MemorySegment y,
            MemorySegment dy,
            MemorySegment dx,
            float beta,
            long from,
            long to) {
        FloatVector one = FloatVector.broadcast(Lanes.F, 1f);
        FloatVector inverse = FloatVector.broadcast(Lanes.F, 1 / cap);
        for (long i = from; i < to; i += BYTES) {
            FloatVector t = load(y, i).mul(inverse);
            store(t.neg().fma(t, one).mul(load(dy, i)), dx, i, beta);
        }
    }
}
