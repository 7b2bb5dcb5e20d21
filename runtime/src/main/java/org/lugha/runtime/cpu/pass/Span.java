package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;

/**
 * A kernel over whole vectors: inputs a, b, c and outputs y, z hold element {@code i} at byte
 * {@code 4 i}; those a kernel does not have are {@link Floats#NONE}.
 *
 * <p>Extra memory, for each thread: {@code 5 BYTES} for what fills no vector; where an operand is
 * BF16 or F16, {@code 4 STRIP} bytes an operand.
 */
@FunctionalInterface
interface Span {
    /** Elements that are widened at a time. */
    long STRIP = 1024;

    /** Computes bytes {@code from} to {@code to}, a multiple of the vector's bytes. */
    void run(
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            MemorySegment y,
            MemorySegment z,
            long from,
            long to);

    /**
     * Runs a kernel over all elements, shared out. What does not fill a vector is computed in a
     * copy, so that a kernel's formula is written once.
     */
    static void all(
            Workers workers, long n, Tensor a, Tensor b, Tensor c, Into y, Into z, Span kernel) {
        if (!Floats.all(a, b, c, Floats.of(y), Floats.of(z))) {
            narrow(workers, n, kernel, Rows.read(Purpose.ROWS, STRIP, a, b, c).into(y).into(z));
            return;
        }
        MemorySegment ma = Floats.memory(a);
        MemorySegment mb = Floats.memory(b);
        MemorySegment mc = Floats.memory(c);
        MemorySegment my = Floats.memory(y);
        MemorySegment mz = Floats.memory(z);
        workers.split(
                n,
                Floats.GRAIN,
                (from, to) -> {
                    long whole = from + Floats.whole(to - from);
                    kernel.run(ma, mb, mc, my, mz, 4 * from, 4 * whole);
                    if (whole < to) {
                        tail(ma, mb, mc, my, mz, 4 * whole, 4 * (to - whole), kernel);
                    }
                });
    }

    /** Some operands are narrower than F32: all are, strip by strip, copied and widened. */
    private static void narrow(Workers workers, long n, Span kernel, Rows operands) {
        workers.split(
                n,
                Floats.GRAIN,
                (from, to) -> {
                    MemorySegment[] m = operands.floats();
                    for (long at = from; at < to; at += STRIP) {
                        long some = Math.min(STRIP, to - at);
                        operands.openPart(m, at, some);
                        long bytes = 4 * Floats.whole(some + Lanes.N - 1);
                        kernel.run(m[0], m[1], m[2], m[3], m[4], 0, bytes);
                        operands.closePart(m, at, some);
                    }
                });
    }

    private static void tail(
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            MemorySegment y,
            MemorySegment z,
            long from,
            long bytes,
            Span kernel) {
        MemorySegment[] in = {a, b, c, y, z};
        MemorySegment[] copy = new MemorySegment[in.length];
        MemorySegment scratch =
                Scratch.mine().of(Purpose.EDGE, 5 * Floats.BYTES).asSlice(0, 5 * Floats.BYTES);
        scratch.fill((byte) 0);
        for (int i = 0; i < in.length; i++) {
            copy[i] = in[i];
            if (Floats.isGiven(in[i])) {
                copy[i] = scratch.asSlice(i * Floats.BYTES, Floats.BYTES);
                MemorySegment.copy(in[i], from, copy[i], 0, bytes);
            }
        }
        kernel.run(copy[0], copy[1], copy[2], copy[3], copy[4], 0, Floats.BYTES);
        for (int i = 3; i < in.length; i++) {
            if (Floats.isGiven(in[i])) {
                MemorySegment.copy(copy[i], 0, in[i], from, bytes);
            }
        }
    }
}
