package org.lugha.runtime.cpu.thread;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.Device;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.spi.Into;

/**
 * Private sums of the parts of a call, added up in the order of the parts: how many there are
 * depends on the shape alone, so the result does not depend on who computed which.
 *
 * @param memory part {@code i} starts at float {@code i * stride}
 */
public record Partials(Device device, MemorySegment memory, long parts, long stride)
        implements AutoCloseable {

    /** Parts of {@code length} floats each, undefined, from the device's own memory. */
    public static Partials of(Device device, long parts, long length, String owner) {
        long stride = (length + 15) / 16 * 16;
        long bytes = Math.max(1, parts * stride) * 4;
        return new Partials(device, device.memory().allocate(bytes, owner), parts, stride);
    }

    /** Byte at which a part starts. */
    public long at(long part) {
        return 4 * part * stride;
    }

    /** Parts {@code from} to {@code to}; not to be closed. */
    public Partials range(long from, long to) {
        return new Partials(device, memory.asSlice(at(from)), to - from, stride);
    }

    public void clear(long part) {
        memory.asSlice(at(part), 4 * stride).fill((byte) 0);
    }

    /** {@code y[d] = beta y[d] + sum over parts}, for the first elements of each part. */
    public void sumInto(Into y, Workers workers) {
        long n = y.tensor().count();
        long grain = Math.max(Lanes.N, Floats.whole(Floats.GRAIN / Math.max(1, parts)));
        Rows part = Rows.read(Purpose.ROWS, grain).into(y);
        workers.split(
                n,
                grain,
                (from, end) -> {
                    MemorySegment[] m = part.floats();
                    if (part.isPlain()) {
                        sum(m[0], 0, from, end, y.beta());
                    } else {
                        part.openPart(m, from, end - from);
                        sum(m[0], from, from, end, y.beta());
                        part.closePart(m, from, end - from);
                    }
                });
    }

    /** Element {@code start} of y lies at byte 0. */
    private void sum(MemorySegment y, long start, long from, long to, float beta) {
        long i = from;
        for (; i + Lanes.N <= to; i += Lanes.N) {
            FloatVector s = FloatVector.zero(Lanes.F);
            for (long p = 0; p < parts; p++) {
                s = s.add(Floats.load(memory, at(p) + 4 * i));
            }
            Floats.store(s, y, 4 * (i - start), beta);
        }
        for (; i < to; i++) {
            float s = 0;
            for (long p = 0; p < parts; p++) {
                s += Floats.get(memory, at(p) + 4 * i);
            }
            Floats.set(y, 4 * (i - start), s, beta);
        }
    }

    @Override
    public void close() {
        device.memory().free(memory, Math.max(1, parts * stride) * 4);
    }
}
