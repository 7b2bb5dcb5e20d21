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

/** RMS normalisation of one row of d elements at byte {@code at}. */
final class RmsRow {
    private RmsRow() {}

    /** {@code sum(x^2)}. */
    static float squares(MemorySegment x, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        long i = 0;
        for (; i + BYTES < whole; i += 2 * BYTES) {
            FloatVector u = load(x, at + i);
            FloatVector v = load(x, at + i + BYTES);
            s = u.fma(u, s);
            t = v.fma(v, t);
        }
        for (; i < whole; i += BYTES) {
            FloatVector u = load(x, at + i);
            s = u.fma(u, s);
        }
        float sum = Lanes.sum(s.add(t));
        for (; i < 4 * d; i += 4) {
            sum = Math.fma(get(x, at + i), get(x, at + i), sum);
        }
        return sum;
    }

    /** {@code y = beta y + x r (o + w)}. */
    static void scale(
            MemorySegment x,
            MemorySegment w,
            float o,
            float r,
            MemorySegment y,
            float beta,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(x, at + i).mul(r).mul(load(w, i).add(o)), y, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            set(y, at + i, get(x, at + i) * r * (get(w, i) + o), beta);
        }
    }

    /** {@code sum((o + w) dy x)}. */
    static float dot(MemorySegment x, MemorySegment w, float o, MemorySegment dy, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        FloatVector u = s;
        FloatVector v = s;
        long i = 0;
        for (; i + 3 * BYTES < whole; i += 4 * BYTES) {
            s = load(x, at + i).mul(load(dy, at + i)).fma(load(w, i).add(o), s);
            t =
                    load(x, at + i + BYTES)
                            .mul(load(dy, at + i + BYTES))
                            .fma(load(w, i + BYTES).add(o), t);
            u =
                    load(x, at + i + 2 * BYTES)
                            .mul(load(dy, at + i + 2 * BYTES))
                            .fma(load(w, i + 2 * BYTES).add(o), u);
            v =
                    load(x, at + i + 3 * BYTES)
                            .mul(load(dy, at + i + 3 * BYTES))
                            .fma(load(w, i + 3 * BYTES).add(o), v);
        }
        for (; i < whole; i += BYTES) {
            s = load(x, at + i).mul(load(dy, at + i)).fma(load(w, i).add(o), s);
        }
        float sum = Lanes.sum(s.add(t).add(u.add(v)));
        for (; i < 4 * d; i += 4) {
            sum = Math.fma(get(x, at + i) * get(dy, at + i), get(w, i) + o, sum);
        }
        return sum;
    }

    /** {@code dx = beta dx + r (o + w) dy - f x}. */
    static void gradient(
            MemorySegment x,
            MemorySegment w,
            float o,
            MemorySegment dy,
            float r,
            float f,
            MemorySegment dx,
            float beta,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector minus = FloatVector.broadcast(Lanes.F, -f);
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector g = load(dy, at + i).mul(load(w, i).add(o)).mul(r);
            store(load(x, at + i).fma(minus, g), dx, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            float g = get(dy, at + i) * (get(w, i) + o) * r;
            set(dx, at + i, Math.fma(get(x, at + i), -f, g), beta);
        }
    }

    /** {@code dw += dy x r}, dw at byte {@code to}. */
    static void weight(
            MemorySegment x,
            MemorySegment dy,
            float r,
            MemorySegment dw,
            long to,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector g = load(dy, at + i).mul(load(x, at + i));
            store(g.fma(FloatVector.broadcast(Lanes.F, r), load(dw, to + i)), dw, to + i);
        }
        for (; i < 4 * d; i += 4) {
            set(dw, to + i, Math.fma(get(dy, at + i) * get(x, at + i), r, get(dw, to + i)));
        }
    }
}
