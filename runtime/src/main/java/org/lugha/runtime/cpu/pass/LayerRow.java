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

/** Layer normalisation of one row of d elements at byte {@code at}; {@code n = (x - m) r}. */
final class LayerRow {
    private LayerRow() {}

    /** {@code sum(x)}. */
    static float sum(MemorySegment x, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        FloatVector u = s;
        FloatVector v = s;
        long i = 0;
        for (; i + 3 * BYTES < whole; i += 4 * BYTES) {
            s = s.add(load(x, at + i));
            t = t.add(load(x, at + i + BYTES));
            u = u.add(load(x, at + i + 2 * BYTES));
            v = v.add(load(x, at + i + 3 * BYTES));
        }
        for (; i < whole; i += BYTES) {
            s = s.add(load(x, at + i));
        }
        float sum = Lanes.sum(s.add(t).add(u.add(v)));
        for (; i < 4 * d; i += 4) {
            sum += get(x, at + i);
        }
        return sum;
    }

    /** {@code sum((x - m)^2)}. */
    static float squares(MemorySegment x, float m, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        FloatVector u = s;
        FloatVector v = s;
        long i = 0;
        for (; i + 3 * BYTES < whole; i += 4 * BYTES) {
            FloatVector c0 = load(x, at + i).sub(m);
            s = c0.fma(c0, s);
            FloatVector c1 = load(x, at + i + BYTES).sub(m);
            t = c1.fma(c1, t);
            FloatVector c2 = load(x, at + i + 2 * BYTES).sub(m);
            u = c2.fma(c2, u);
            FloatVector c3 = load(x, at + i + 3 * BYTES).sub(m);
            v = c3.fma(c3, v);
        }
        for (; i < whole; i += BYTES) {
            FloatVector c = load(x, at + i).sub(m);
            s = c.fma(c, s);
        }
        float sum = Lanes.sum(s.add(t).add(u.add(v)));
        for (; i < 4 * d; i += 4) {
            float c = get(x, at + i) - m;
            sum = Math.fma(c, c, sum);
        }
        return sum;
    }

    /** {@code y = beta y + n w + b}, b perhaps {@link Floats#NONE}. */
    static void scale(
            MemorySegment x,
            MemorySegment w,
            MemorySegment b,
            float m,
            float r,
            MemorySegment y,
            float beta,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        boolean hasBias = Floats.isGiven(b);
        FloatVector zero = FloatVector.zero(Lanes.F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector n = load(x, at + i).sub(m).mul(r);
            FloatVector shift = zero;
            if (hasBias) {
                shift = load(b, i);
            }
            store(n.fma(load(w, i), shift), y, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            float n = (get(x, at + i) - m) * r;
            set(y, at + i, Math.fma(n, get(w, i), hasBias ? get(b, i) : 0), beta);
        }
    }

    /** {@code sum(w dy)}. */
    static float sumOfGradient(MemorySegment w, MemorySegment dy, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        FloatVector u = s;
        FloatVector v = s;
        long i = 0;
        for (; i + 3 * BYTES < whole; i += 4 * BYTES) {
            s = load(dy, at + i).fma(load(w, i), s);
            t = load(dy, at + i + BYTES).fma(load(w, i + BYTES), t);
            u = load(dy, at + i + 2 * BYTES).fma(load(w, i + 2 * BYTES), u);
            v = load(dy, at + i + 3 * BYTES).fma(load(w, i + 3 * BYTES), v);
        }
        for (; i < whole; i += BYTES) {
            s = load(dy, at + i).fma(load(w, i), s);
        }
        float sum = Lanes.sum(s.add(t).add(u.add(v)));
        for (; i < 4 * d; i += 4) {
            sum = Math.fma(get(dy, at + i), get(w, i), sum);
        }
        return sum;
    }

    /** {@code sum(w dy n)}. */
    static float dot(
            MemorySegment x, MemorySegment w, MemorySegment dy, float m, float r, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        FloatVector u = s;
        FloatVector v = s;
        long i = 0;
        for (; i + 3 * BYTES < whole; i += 4 * BYTES) {
            FloatVector n0 = load(x, at + i).sub(m).mul(r);
            s = load(dy, at + i).mul(load(w, i)).fma(n0, s);
            FloatVector n1 = load(x, at + i + BYTES).sub(m).mul(r);
            t = load(dy, at + i + BYTES).mul(load(w, i + BYTES)).fma(n1, t);
            FloatVector n2 = load(x, at + i + 2 * BYTES).sub(m).mul(r);
            u = load(dy, at + i + 2 * BYTES).mul(load(w, i + 2 * BYTES)).fma(n2, u);
            FloatVector n3 = load(x, at + i + 3 * BYTES).sub(m).mul(r);
            v = load(dy, at + i + 3 * BYTES).mul(load(w, i + 3 * BYTES)).fma(n3, v);
        }
        for (; i < whole; i += BYTES) {
            FloatVector n = load(x, at + i).sub(m).mul(r);
            s = load(dy, at + i).mul(load(w, i)).fma(n, s);
        }
        float sum = Lanes.sum(s.add(t).add(u.add(v)));
        for (; i < 4 * d; i += 4) {
            float n = (get(x, at + i) - m) * r;
            sum = Math.fma(get(dy, at + i) * get(w, i), n, sum);
        }
        return sum;
    }

    /** {@code dx = beta dx + r (w dy - a - n c)}. */
    static void gradient(
            MemorySegment x,
            MemorySegment w,
            MemorySegment dy,
            float m,
            float r,
            float a,
            float c,
            MemorySegment dx,
            float beta,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector n = load(x, at + i).sub(m).mul(r);
            FloatVector g = load(dy, at + i).mul(load(w, i)).sub(a);
            store(g.sub(n.mul(c)).mul(r), dx, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            float n = (get(x, at + i) - m) * r;
            float g = get(dy, at + i) * get(w, i) - a;
            set(dx, at + i, (g - n * c) * r, beta);
        }
    }

    /** {@code dw += dy n} at byte {@code to}, {@code db += dy} at byte {@code bias}. */
    static void weight(
            MemorySegment x,
            MemorySegment dy,
            float m,
            float r,
            MemorySegment sums,
            long to,
            long bias,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector g = load(dy, at + i);
            FloatVector n = load(x, at + i).sub(m).mul(r);
            store(g.fma(n, load(sums, to + i)), sums, to + i);
            store(g.add(load(sums, bias + i)), sums, bias + i);
        }
        for (; i < 4 * d; i += 4) {
            float g = get(dy, at + i);
            float n = (get(x, at + i) - m) * r;
            set(sums, to + i, Math.fma(g, n, get(sums, to + i)));
            set(sums, bias + i, g + get(sums, bias + i));
        }
    }
}
