package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;

/** Signed bytes with a scale a row. */
record Int8Rows(int rows, int columns, MemorySegment codes, MemorySegment scales)
        implements WeightRows {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** As many bytes as a vector has floats, but at least eight. */
    private static final VectorSpecies<Byte> B =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

    private static final int STEP = B.length();

    @Override
    public void widen(long row, long column, long n, MemorySegment to, long at) {
        long from = row * columns + column;
        float scale = Floats.get(scales, 4 * row);
        long whole = n / STEP * STEP;
        vectors(codes, from, whole, scale, to, at);
        for (long i = whole; i < n; i++) {
            Floats.set(to, at + 4 * i, codes.get(JAVA_BYTE, from + i) * scale);
        }
    }

    private static void vectors(
            MemorySegment codes, long from, long n, float scale, MemorySegment to, long at) {
        for (long i = 0; i < n; i += STEP) {
            ByteVector v = ByteVector.fromMemorySegment(B, codes, from + i, ORDER);
            var low = (IntVector) v.convertShape(B2I, Lanes.I, 0);
            var a = (FloatVector) low.convertShape(I2F, F, 0);
            a.mul(scale).intoMemorySegment(to, at + 4 * i, ORDER);
            if (Lanes.N < STEP) {
                var high = (IntVector) v.convertShape(B2I, Lanes.I, 1);
                var b = (FloatVector) high.convertShape(I2F, F, 0);
                b.mul(scale).intoMemorySegment(to, at + 4 * (i + Lanes.N), ORDER);
            }
        }
    }

    /** The scales come last: what is rounded is the sum of x times whole numbers. */
    @Override
    public void four(
            MemorySegment x,
            long at,
            long r0,
            long r1,
            long r2,
            long r3,
            MemorySegment own,
            MemorySegment sums) {
        int whole = Lanes.N < STEP ? 0 : columns / STEP * STEP;
        long n = columns;
        whole(x, at, codes, r0 * n, r1 * n, r2 * n, r3 * n, whole, sums);
        finish(x, at, r0, whole, sums, 0);
        finish(x, at, r1, whole, sums, 4);
        finish(x, at, r2, whole, sums, 8);
        finish(x, at, r3, whole, sums, 12);
    }

    private void finish(MemorySegment x, long at, long row, int from, MemorySegment sums, long to) {
        float sum = Floats.get(sums, to);
        for (int k = from; k < columns; k++) {
            float v = Floats.get(x, at + 4L * k);
            sum = Math.fma(v, codes.get(JAVA_BYTE, row * columns + k), sum);
        }
        Floats.set(sums, to, sum * Floats.get(scales, 4 * row));
    }

    private static void whole(
            MemorySegment x,
            long xAt,
            MemorySegment w,
            long at0,
            long at1,
            long at2,
            long at3,
            int n,
            MemorySegment sums) {
        FloatVector s0 = FloatVector.zero(F), s1 = s0, s2 = s0, s3 = s0;
        for (long i = 0; i < n; i += STEP) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, xAt + 4 * i, ORDER);
            ByteVector b0 = ByteVector.fromMemorySegment(B, w, at0 + i, ORDER);
            ByteVector b1 = ByteVector.fromMemorySegment(B, w, at1 + i, ORDER);
            ByteVector b2 = ByteVector.fromMemorySegment(B, w, at2 + i, ORDER);
            ByteVector b3 = ByteVector.fromMemorySegment(B, w, at3 + i, ORDER);
            s0 = v.fma(b0.convertShape(B2I, Lanes.I, 0).convertShape(I2F, F, 0), s0);
            s1 = v.fma(b1.convertShape(B2I, Lanes.I, 0).convertShape(I2F, F, 0), s1);
            s2 = v.fma(b2.convertShape(B2I, Lanes.I, 0).convertShape(I2F, F, 0), s2);
            s3 = v.fma(b3.convertShape(B2I, Lanes.I, 0).convertShape(I2F, F, 0), s3);
        }
        Floats.set(sums, 0, Lanes.sum(s0));
        Floats.set(sums, 4, Lanes.sum(s1));
        Floats.set(sums, 8, Lanes.sum(s2));
        Floats.set(sums, 12, Lanes.sum(s3));
    }
}
