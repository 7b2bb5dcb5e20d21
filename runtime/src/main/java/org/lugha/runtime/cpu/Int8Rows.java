package org.lugha.runtime.cpu;

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
}
