package org.lugha.runtime.cpu.pass;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.get;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.set;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.RopeKernel;

/**
 * Rotary position embedding; F64 goes to the reference.
 *
 * <p>Extra memory: none for F32; else, for each thread, {@code 8 H D} bytes for a token and {@code
 * 4 R} for its angles.
 */
public final class CpuRope implements RopeKernel {
    private final Workers workers;
    private final RopeKernel reference;

    public CpuRope(Workers workers, RopeKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void rotate(
            Tensor x, Tensor positions, Tensor cos, Tensor sin, boolean inverse, Into y) {
        if (!Floats.wide(x, cos, sin, y.tensor())) {
            reference.rotate(x, positions, cos, sin, inverse, y);
            return;
        }
        MemorySegment at = positions.memory();
        long d = x.shape().last();
        long heads = x.dim(2);
        long half = cos.shape().last();
        Rows tokens = Rows.read(Purpose.ROWS, heads * d, x).into(y);
        Rows tables = Rows.read(Purpose.TABLES, half, cos, sin);
        float sign = inverse ? -1 : 1;
        workers.split(
                positions.count(),
                Math.max(1, Floats.GRAIN / Math.max(1, heads * d)),
                (from, to) -> {
                    MemorySegment[] m = tokens.floats();
                    MemorySegment[] cs = tables.floats();
                    for (long t = from; t < to; t++) {
                        long angle = tables.open(cs, at.get(JAVA_INT_UNALIGNED, 4 * t));
                        long row = tokens.open(m, t);
                        for (long h = 0; h < heads; h++, row += 4 * d) {
                            head(m[0], row, cs[0], cs[1], angle, half, sign, m[1], y.beta());
                            rest(m[0], row + 8 * half, d - 2 * half, m[1], y.beta());
                        }
                        tokens.close(m, t);
                    }
                });
    }

    /** One head at byte {@code at}, its angles at byte {@code angle} of the tables. */
    private static void head(
            MemorySegment x,
            long at,
            MemorySegment cos,
            MemorySegment sin,
            long angle,
            long half,
            float sign,
            MemorySegment y,
            float beta) {
        long whole = 4 * Floats.whole(half);
        long other = at + 4 * half;
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector a = load(x, at + i);
            FloatVector b = load(x, other + i);
            FloatVector c = load(cos, angle + i);
            FloatVector s = load(sin, angle + i).mul(sign);
            store(a.mul(c).sub(b.mul(s)), y, at + i, beta);
            store(b.mul(c).add(a.mul(s)), y, other + i, beta);
        }
        for (; i < 4 * half; i += 4) {
            float a = get(x, at + i);
            float b = get(x, other + i);
            float c = get(cos, angle + i);
            float s = get(sin, angle + i) * sign;
            set(y, at + i, a * c - b * s, beta);
            set(y, other + i, b * c + a * s, beta);
        }
    }

    private static void rest(MemorySegment x, long at, long n, MemorySegment y, float beta) {
        for (long i = at; i < at + 4 * n; i += 4) {
            set(y, i, get(x, i), beta);
        }
    }
}
