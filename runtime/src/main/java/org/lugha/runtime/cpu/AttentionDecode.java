package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.get;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.set;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.Scratch.Purpose;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;

/** Attention of a few queries over a cache: a task for each head, keys and values read in place. */
record AttentionDecode(
        Workers workers,
        Tensor queries,
        Tensor keys,
        Tensor values,
        double scale,
        Mask mask,
        Into y,
        Into lse) {

    void run() {
        long heads = queries.dim(2);
        long length = queries.dim(1);
        workers.split(
                queries.dim(0) * heads,
                1,
                (from, to) -> {
                    for (long i = from; i < to; i++) {
                        for (long t = 0; t < length; t++) {
                            query((int) (i / heads), (int) t, (int) (i % heads));
                        }
                    }
                });
    }

    private void query(int b, int t, int h) {
        int d = queries.dim(3);
        int g = h / (queries.dim(2) / keys.dim(2));
        int first = Math.max(0, mask.first(b, t));
        int n = Math.max(0, mask.end(b, t, keys.dim(1)) - first);
        Heads q = Heads.of(queries);
        Heads k = Heads.of(keys);
        Heads v = Heads.of(values);
        // scores, and behind them the sum of values
        MemorySegment s = Scratch.mine().of(Purpose.BLOCKS, 4L * n + 4L * d);
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            float z = dot(q.memory(), q.at(b, t, h), k.memory(), k.at(b, first + i, g), d);
            set(s, 4L * i, z * (float) scale);
            max = Math.max(max, z * (float) scale);
        }
        float sum = SoftmaxRow.exponentials(s, 0, max, s, 0, n);
        combine(s, n, v.memory(), v.at(b, first, g), v.row(), 4L * n, d);
        long to = 4L * ((b * (long) queries.dim(1) + t) * queries.dim(2) + h) * d;
        float factor = n == 0 ? 0 : 1 / sum;
        AttentionForward.row(s, 4L * n, factor, y.tensor().memory(), to, d, y.beta());
        if (lse != null) {
            long at = 4L * ((b * (long) queries.dim(2) + h) * queries.dim(1) + t);
            float total = n == 0 ? Float.NEGATIVE_INFINITY : (float) (max + Math.log(sum));
            set(lse.tensor().memory(), at, total, lse.beta());
        }
    }

    static float dot(MemorySegment a, long ao, MemorySegment b, long bo, int d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            s = load(a, ao + i).fma(load(b, bo + i), s);
        }
        float sum = whole == 0 ? 0 : Lanes.sum(s);
        for (; i < 4L * d; i += 4) {
            sum = Math.fma(get(a, ao + i), get(b, bo + i), sum);
        }
        return sum;
    }

    /** {@code to = sum_i s[i] v[i]}, four vectors of the width at a time. */
    private static void combine(
            MemorySegment s, int n, MemorySegment v, long at, long row, long to, int d) {
        long i = 0;
        for (; i + 4 * BYTES <= 4L * d; i += 4 * BYTES) {
            four(s, n, v, at + i, row, to + i);
        }
        for (; i + BYTES <= 4L * d; i += BYTES) {
            FloatVector sum = FloatVector.zero(Lanes.F);
            for (long k = 0; k < n; k++) {
                sum =
                        load(v, at + k * row + i)
                                .fma(FloatVector.broadcast(Lanes.F, get(s, 4 * k)), sum);
            }
            store(sum, s, to + i);
        }
        for (; i < 4L * d; i += 4) {
            float sum = 0;
            for (long k = 0; k < n; k++) {
                sum = Math.fma(get(s, 4 * k), get(v, at + k * row + i), sum);
            }
            set(s, to + i, sum);
        }
    }

    private static void four(MemorySegment s, int n, MemorySegment v, long at, long row, long to) {
        FloatVector a = FloatVector.zero(Lanes.F);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (long k = 0; k < n; k++) {
            FloatVector p = FloatVector.broadcast(Lanes.F, get(s, 4 * k));
            long i = at + k * row;
            a = load(v, i).fma(p, a);
            b = load(v, i + BYTES).fma(p, b);
            c = load(v, i + 2 * BYTES).fma(p, c);
            d = load(v, i + 3 * BYTES).fma(p, d);
        }
        store(a, s, to);
        store(b, s, to + BYTES);
        store(c, s, to + 2 * BYTES);
        store(d, s, to + 3 * BYTES);
    }
}
