package org.lugha.runtime.cpu.pass;

import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.get;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.set;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;

/** Sums and products over whole vectors; offsets and n in bytes. */
final class Arithmetic {
    private Arithmetic() {}

    /** {@code y = beta y + alpha x}. */
    static void scale(
            float alpha, MemorySegment x, MemorySegment y, float beta, long from, long to) {
        FloatVector f = FloatVector.broadcast(Lanes.F, alpha);
        for (long i = from; i < to; i += BYTES) {
            store(load(x, i).mul(f), y, i, beta);
        }
    }

    /** {@code y = beta y + a + b}. */
    static void add(
            MemorySegment a, MemorySegment b, MemorySegment y, float beta, long from, long to) {
        for (long i = from; i < to; i += BYTES) {
            store(load(a, i).add(load(b, i)), y, i, beta);
        }
    }

    /** {@code y = beta y + a b}. */
    static void mul(
            MemorySegment a,
            long ao,
            MemorySegment b,
            long bo,
            MemorySegment y,
            long yo,
            float beta,
            long n) {
        for (long i = 0; i < n; i += BYTES) {
            store(load(a, ao + i).mul(load(b, bo + i)), y, yo + i, beta);
        }
    }

    /** {@code y = beta y + x + row} for the one row of d elements at byte {@code at}. */
    static void addRow(
            MemorySegment x, MemorySegment row, MemorySegment y, float beta, long at, long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(x, at + i).add(load(row, i)), y, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            set(y, at + i, get(x, at + i) + get(row, i), beta);
        }
    }

    /** {@code y = beta y + x row} for the one row of d elements at byte {@code at}. */
    static void mulRow(
            MemorySegment x, MemorySegment row, MemorySegment y, float beta, long at, long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(x, at + i).mul(load(row, i)), y, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            set(y, at + i, get(x, at + i) * get(row, i), beta);
        }
    }
}
