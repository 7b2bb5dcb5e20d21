package org.lugha.runtime.cpu.pass;

import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.get;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.set;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Powers;
import org.lugha.runtime.cpu.lane.SoftmaxRow;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/**
 * Cross-entropy of rows of logits: strip by strip, each read from memory once for the sum and once
 * more for the gradient.
 */
final class LogitRows {
    /** Logits of a strip, which stay in the first cache with their exponentials. */
    private static final long STRIP = 2048;

    private final MemorySegment z;
    private final MemorySegment labels;
    private final long words;
    private final double smoothing;

    LogitRows(Tensor z, Tensor labels, double smoothing) {
        this.z = z.memory();
        this.labels = labels.memory();
        this.smoothing = smoothing;
        words = z.shape().last();
    }

    /** Rows that one thread takes at a time. */
    long grain() {
        return Math.max(1, Floats.GRAIN / 4 / words);
    }

    /** Below 0: the row does not count. */
    int label(long n) {
        return (int) DType.I32.get(labels, n);
    }

    double logSumExp(long n) {
        MemorySegment e = Scratch.mine().of(Purpose.STRIP, 4 * STRIP);
        double sum = 0;
        float max = Float.NEGATIVE_INFINITY;
        for (long v = 0; v < words; v += STRIP) {
            long at = 4 * (n * words + v);
            long count = Math.min(STRIP, words - v);
            float most = Math.max(max, SoftmaxRow.max(z, at, count));
            if (most == Float.NEGATIVE_INFINITY) {
                continue; // words that are ruled out: their exponentials are 0
            }
            if (most != max) {
                sum *= StrictMath.exp(max - most);
                max = most;
            }
            sum += SoftmaxRow.exponentials(z, at, max, e, 0, count);
        }
        return max + StrictMath.log(sum);
    }

    /** What the loss takes from {@link #logSumExp}: logits weighted by what the label says. */
    double hope(long n) {
        double own = (1 - smoothing) * get(z, 4 * (n * words + label(n)));
        return smoothing == 0 ? own : own + smoothing / words * sum(n);
    }

    private double sum(long n) {
        double sum = 0;
        for (long v = 0; v < words; v += STRIP) {
            sum += sum(4 * (n * words + v), Math.min(STRIP, words - v));
        }
        return sum;
    }

    private float sum(long at, long count) {
        long whole = 4 * Floats.whole(count);
        FloatVector s = FloatVector.zero(Lanes.F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            s = s.add(load(z, at + i));
        }
        float sum = Lanes.sum(s);
        for (; i < 4 * count; i += 4) {
            sum += get(z, at + i);
        }
        return sum;
    }

    /** {@code dz = beta dz + scale (exp(z - total) - what the label says)} for row n. */
    void gradient(long n, float total, double scale, MemorySegment dz, float beta) {
        int label = label(n);
        long row = 4 * n * words;
        if (label < 0 && beta == 0) {
            dz.asSlice(row, 4 * words).fill((byte) 0);
            return;
        }
        if (label < 0) {
            SoftmaxRow.scale(dz, row, beta, dz, 0, row, words);
            return;
        }
        MemorySegment e = Scratch.mine().of(Purpose.STRIP, 4 * STRIP);
        float factor = (float) scale;
        float less = (float) (scale * smoothing / words);
        for (long v = 0; v < words; v += STRIP) {
            long at = row + 4 * v;
            long count = Math.min(STRIP, words - v);
            exponentials(at, total, e, count);
            put(e, factor, less, dz, at, count, beta);
        }
        long own = row + 4L * label;
        set(dz, own, get(dz, own) - (float) (scale * (1 - smoothing)));
    }

    private void exponentials(long at, float total, MemorySegment e, long count) {
        long whole = 4 * Floats.whole(count);
        Powers.exp(z, at, 1, -total, e, 0, whole);
        for (long i = whole; i < 4 * count; i += 4) {
            set(e, i, (float) StrictMath.exp(get(z, at + i) - total));
        }
    }

    /** {@code y = beta y + factor e - less}. */
    private static void put(
            MemorySegment e,
            float factor,
            float less,
            MemorySegment y,
            long at,
            long count,
            float beta) {
        long whole = 4 * Floats.whole(count);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(e, i).mul(factor).sub(less), y, at + i, beta);
        }
        for (; i < 4 * count; i += 4) {
            set(y, at + i, get(e, i) * factor - less, beta);
        }
    }
}
