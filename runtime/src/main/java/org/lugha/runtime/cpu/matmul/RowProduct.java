package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * {@code c = beta c + alpha a b} for one or two rows of a and a b whose rows are dense: eight rows
 * of b at a time are added to a row of sums, so that b is read once, in long runs.
 *
 * <p>Extra memory: {@code 4 b.columns()} bytes a thread at most.
 */
final class RowProduct {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = F.vectorByteSize();
    private static final int CHUNK_PRODUCTS = 1 << 16;

    /** Of a wide b long runs are read. */
    private static final int MOST_CHUNKS = 16;

    private final Workers workers;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final float alpha;
    private final float beta;

    RowProduct(Workers workers, Matrix a, Matrix b, Matrix c, float alpha, float beta) {
        this.workers = workers;
        this.a = a;
        this.b = b;
        this.c = c;
        this.alpha = alpha;
        this.beta = beta;
    }

    /** Whether the product is one for this class. */
    static boolean fits(Matrix a, Matrix b) {
        return a.rows() <= 2 && b.hasDenseRows();
    }

    void run() {
        int vectors = (b.columns() + F.length() - 1) / F.length();
        long some = CHUNK_PRODUCTS / ((long) F.length() * a.columns());
        long grain = Math.max(Math.max(4, some), vectors / MOST_CHUNKS);
        workers.split(vectors, grain, this::columns);
    }

    private void columns(long from, long to) {
        int first = (int) from * F.length();
        int end = Math.min(b.columns(), (int) to * F.length());
        MemorySegment sums = Scratch.mine().of(Purpose.TILE, 4L * (end - first) + BYTES);
        for (int i = 0; i < a.rows(); i++) {
            sums.asSlice(0, 4L * (end - first)).fill((byte) 0);
            int k = 0;
            for (; k <= a.columns() - 8; k += 8) {
                eight(i, k, first, end, sums);
            }
            for (; k < a.columns(); k++) {
                one(x(i, k), b.memory(), b.offset(k, first), end - first, sums);
            }
            MatmulMerge.merge(
                    sums, 0, alpha, beta, 1, end - first, c.memory(), c.offset(i, first), 0);
        }
    }

    private float x(int i, int k) {
        return a.memory().get(JAVA_FLOAT_UNALIGNED, a.offset(i, k));
    }

    private void eight(int i, int k, int first, int end, MemorySegment sums) {
        int whole = (end - first) / F.length();
        long at = b.offset(k, first);
        long row = b.row() * 4;
        eight(
                x(i, k),
                x(i, k + 1),
                x(i, k + 2),
                x(i, k + 3),
                x(i, k + 4),
                x(i, k + 5),
                x(i, k + 6),
                x(i, k + 7),
                b.memory(),
                at,
                row,
                whole,
                BYTES,
                sums);
        int rest = end - first - whole * F.length();
        for (int r = 0; rest > 0 && r < 8; r++) {
            long o = whole * BYTES;
            one(x(i, k + r), b.memory(), at + r * row + o, rest, sums.asSlice(o));
        }
    }

    /** The step is no constant: with one C2 proves more about the loop than it is worth. */
    private static void eight(
            float x0,
            float x1,
            float x2,
            float x3,
            float x4,
            float x5,
            float x6,
            float x7,
            MemorySegment b,
            long at,
            long row,
            int vectors,
            long step,
            MemorySegment sums) {
        long r2 = 2 * row;
        long r3 = 3 * row;
        long r4 = 4 * row;
        long r5 = 5 * row;
        long r6 = 6 * row;
        long r7 = 7 * row;
        FloatVector v0 = FloatVector.broadcast(F, x0);
        FloatVector v1 = FloatVector.broadcast(F, x1);
        FloatVector v2 = FloatVector.broadcast(F, x2);
        FloatVector v3 = FloatVector.broadcast(F, x3);
        FloatVector v4 = FloatVector.broadcast(F, x4);
        FloatVector v5 = FloatVector.broadcast(F, x5);
        FloatVector v6 = FloatVector.broadcast(F, x6);
        FloatVector v7 = FloatVector.broadcast(F, x7);
        long j = at;
        long o = 0;
        for (int n = 0; n < vectors; n++) {
            FloatVector s = FloatVector.fromMemorySegment(F, sums, o, ORDER);
            FloatVector t = FloatVector.fromMemorySegment(F, b, j, ORDER).mul(v0);
            s = FloatVector.fromMemorySegment(F, b, j + row, ORDER).fma(v1, s);
            t = FloatVector.fromMemorySegment(F, b, j + r2, ORDER).fma(v2, t);
            s = FloatVector.fromMemorySegment(F, b, j + r3, ORDER).fma(v3, s);
            t = FloatVector.fromMemorySegment(F, b, j + r4, ORDER).fma(v4, t);
            s = FloatVector.fromMemorySegment(F, b, j + r5, ORDER).fma(v5, s);
            t = FloatVector.fromMemorySegment(F, b, j + r6, ORDER).fma(v6, t);
            s = FloatVector.fromMemorySegment(F, b, j + r7, ORDER).fma(v7, s);
            s.add(t).intoMemorySegment(sums, o, ORDER);
            j += step;
            o += step;
        }
    }

    private static void one(float x, MemorySegment b, long at, int columns, MemorySegment sums) {
        for (int j = 0; j < columns; j += F.length()) {
            VectorMask<Float> some = F.indexInRange(j, columns);
            long o = j * 4L;
            FloatVector.fromMemorySegment(F, b, at + o, ORDER, some)
                    .mul(x)
                    .add(FloatVector.fromMemorySegment(F, sums, o, ORDER, some))
                    .intoMemorySegment(sums, o, ORDER, some);
        }
    }
}
