package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.get;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.set;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Layer normalisation of one row of d elements at byte {@code at}; {@code n = (x - m) r}. */
final class LayerRow {
    private LayerRow() {}

    /** {@code sum(x)}. */
    static float sum(MemorySegment x, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            s = s.add(load(x, at + i));
        }
        float sum = Lanes.sum(s);
        for (; i < 4 * d; i += 4) {
            sum += get(x, at + i);
        }
        return sum;
    }

    /** {@code sum((x - m)^2)}. */
    static float squares(MemorySegment x, float m, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector c = load(x, at + i).sub(m);
            s = c.fma(c, s);
        }
        float sum = Lanes.sum(s);
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
        long i = 0;
        for (; i < whole; i += BYTES) {
            s = load(dy, at + i).fma(load(w, i), s);
        }
        float sum = Lanes.sum(s);
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
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector n = load(x, at + i).sub(m).mul(r);
            s = load(dy, at + i).mul(load(w, i)).fma(n, s);
        }
        float sum = Lanes.sum(s);
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
