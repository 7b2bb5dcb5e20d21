package org.lugha.runtime.cpu.pass;

import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Powers;
import org.lugha.runtime.cpu.lane.SoftmaxRow;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.spi.Into;

/**
 * Kullback-Leibler divergence of rows of logits, and its gradients, strip by strip: a row is read
 * from memory once for the maxima, and from a near cache, if it fits there, for the sums, the
 * divergence and the gradients. A strip is copied to scratch and filled up to whole vectors with
 * {@code -Infinity}, which adds nothing to any sum.
 */
final class DivergenceRows {
    /** Words of a strip: its four arrays stay in the first cache. */
    private static final long WORDS = 1024;

    /** Where a strip's logits of the student and the teacher are, and their exponentials. */
    private static final long Z = 0;

    private static final long T = 4 * WORDS;
    private static final long EZ = 8 * WORDS;
    private static final long ET = 12 * WORDS;

    private final MemorySegment z;
    private final MemorySegment t;
    private final Into dz;
    private final Into dt;
    private final long words;

    /** {@code 1 / temperature}. */
    private final float a;

    DivergenceRows(Tensor z, Tensor t, double temperature, Into dz, Into dt) {
        this.z = z.memory();
        this.t = t.memory();
        this.dz = dz;
        this.dt = dt;
        words = z.shape().last();
        a = (float) (1 / temperature);
    }

    /** Rows that one thread takes at a time. */
    long grain() {
        return Math.max(1, Floats.GRAIN / 8 / Math.max(1, words));
    }

    /** The divergence of row n; its gradients go where they are wanted. */
    float run(long n) {
        MemorySegment s = Scratch.mine().of(Purpose.STRIP, 16 * WORDS);
        float zShift = -a * SoftmaxRow.max(z, 4 * n * words, words);
        float tShift = -a * SoftmaxRow.max(t, 4 * n * words, words);
        double zSum = 0;
        double tSum = 0;
        for (long v = 0; v < words; v += WORDS) {
            long m = open(s, n, v, zShift, tShift);
            zSum += sum(s, EZ, m);
            tSum += sum(s, ET, m);
        }
        double apart = zShift - (double) tShift + StrictMath.log(tSum) - StrictMath.log(zSum);
        float c = (float) apart;
        double kl = 0;
        for (long v = 0; v < words; v += WORDS) {
            long m = open(s, n, v, zShift, tShift);
            ratios(s, c, m);
            kl += sum(s, T, m);
        }
        kl /= tSum; // so far of log p - log q + apart - c
        if (dz != null || dt != null) {
            for (long v = 0; v < words; v += WORDS) {
                long m = open(s, n, v, zShift, tShift);
                ratios(s, c, m);
                gradients(s, (float) (a / zSum), (float) (a / tSum), (float) kl, m);
                put(s, EZ, dz, n, v);
                put(s, T, dt, n, v);
            }
        }
        return (float) (kl + (c - apart));
    }

    /** Logits and exponentials of a strip; gives its size in bytes of whole vectors. */
    private long open(MemorySegment s, long n, long v, float zShift, float tShift) {
        long at = 4 * (n * words + v);
        long bytes = 4 * Math.min(WORDS, words - v);
        MemorySegment.copy(z, at, s, Z, bytes);
        MemorySegment.copy(t, at, s, T, bytes);
        long m = (bytes + BYTES - 1) / BYTES * BYTES;
        for (long i = bytes; i < m; i += 4) {
            Floats.set(s, Z + i, Float.NEGATIVE_INFINITY);
            Floats.set(s, T + i, Float.NEGATIVE_INFINITY);
        }
        Powers.exp(s, Z, a, zShift, s, EZ, m);
        Powers.exp(s, T, a, tShift, s, ET, m);
        return m;
    }

    private static float sum(MemorySegment s, long from, long m) {
        FloatVector sum = FloatVector.zero(Lanes.F);
        for (long i = from; i < from + m; i += BYTES) {
            sum = sum.add(load(s, i));
        }
        return Lanes.sum(sum);
    }

    /** {@code et (a (t - z) - c)} in place of t; 0 where et is. */
    private void ratios(MemorySegment s, float c, long m) {
        FloatVector less = FloatVector.broadcast(Lanes.F, -c);
        FloatVector scale = FloatVector.broadcast(Lanes.F, a);
        for (long i = 0; i < m; i += BYTES) {
            FloatVector e = load(s, ET + i);
            FloatVector r = load(s, T + i).sub(load(s, Z + i)).fma(scale, less).mul(e);
            store(r.blend(0f, e.compare(VectorOperators.EQ, 0f)), s, T + i);
        }
    }

    /** {@code dz = y ez - x et} in place of ez, {@code dt = x (r - kl et)} in place of t. */
    private static void gradients(MemorySegment s, float y, float x, float kl, long m) {
        for (long i = 0; i < m; i += BYTES) {
            FloatVector e = load(s, ET + i);
            store(load(s, EZ + i).mul(y).sub(e.mul(x)), s, EZ + i);
            store(load(s, T + i).sub(e.mul(kl)).mul(x), s, T + i);
        }
    }

    private void put(MemorySegment s, long from, Into to, long n, long v) {
        if (to != null) {
            long at = 4 * (n * words + v);
            long count = Math.min(WORDS, words - v);
            CpuCopy.addRun(s, from, to.tensor().memory(), at, count, to.beta());
        }
    }
}
