package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * {@code c = beta c + alpha a b} for a few rows of a and a b whose columns are dense, as in
 * decoding with {@code [N,K]} weights: b is read once, as it lies, at the speed of memory. Two
 * columns far apart are read together, which keeps more of memory busy than two neighbours would.
 *
 * <p>Extra memory: none.
 */
final class DotProducts {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int CHUNK_ELEMENTS = 1 << 15;

    private final Workers workers;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final float alpha;
    private final float beta;
    private final int half;

    DotProducts(Workers workers, Matrix a, Matrix b, Matrix c, float alpha, float beta) {
        this.workers = workers;
        this.a = a;
        this.b = b;
        this.c = c;
        this.alpha = alpha;
        this.beta = beta;
        half = (b.columns() + 1) / 2;
    }

    void run() {
        workers.split(half, Math.max(1, CHUNK_ELEMENTS / a.columns()), this::columns);
    }

    private void columns(long from, long to) {
        for (int j = (int) from; j < to; j++) {
            int other = j + half < b.columns() ? j + half : j;
            for (int i = 0; i < a.rows(); i++) {
                pair(
                        a.memory(),
                        a.offset(i, 0),
                        b.memory(),
                        b.offset(0, j),
                        b.offset(0, other),
                        a.columns(),
                        c.memory(),
                        c.offset(i, j),
                        c.offset(i, other));
            }
        }
    }

    /** One row of a with two columns of b; all offsets in bytes. */
    private void pair(
            MemorySegment x,
            long xAt,
            MemorySegment w,
            long at0,
            long at1,
            int n,
            MemorySegment y,
            long y0,
            long y1) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        int lanes = F.length();
        int i = 0;
        for (; i <= n - 2 * lanes; i += 2 * lanes) {
            long at = i * 4L;
            FloatVector x0 = FloatVector.fromMemorySegment(F, x, xAt + at, ORDER);
            s0 = x0.fma(FloatVector.fromMemorySegment(F, w, at0 + at, ORDER), s0);
            s1 = x0.fma(FloatVector.fromMemorySegment(F, w, at1 + at, ORDER), s1);
            at += lanes * 4L;
            FloatVector x1 = FloatVector.fromMemorySegment(F, x, xAt + at, ORDER);
            t0 = x1.fma(FloatVector.fromMemorySegment(F, w, at0 + at, ORDER), t0);
            t1 = x1.fma(FloatVector.fromMemorySegment(F, w, at1 + at, ORDER), t1);
        }
        for (; i < n; i += lanes) {
            VectorMask<Float> some = F.indexInRange(i, n);
            long at = i * 4L;
            FloatVector x0 = FloatVector.fromMemorySegment(F, x, xAt + at, ORDER, some);
            s0 = x0.fma(FloatVector.fromMemorySegment(F, w, at0 + at, ORDER, some), s0);
            s1 = x0.fma(FloatVector.fromMemorySegment(F, w, at1 + at, ORDER, some), s1);
        }
        put(y, y0, Lanes.sum(s0.add(t0)));
        if (y1 != y0) {
            put(y, y1, Lanes.sum(s1.add(t1)));
        }
    }

    private void put(MemorySegment y, long at, float sum) {
        float before = beta == 0 ? 0 : beta * y.get(JAVA_FLOAT_UNALIGNED, at);
        y.set(JAVA_FLOAT_UNALIGNED, at, Math.fma(alpha, sum, before));
    }
}
