package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * The tile of {@link MatmulTiles} that adds to what is there: {@code c = beta c + a b} for 6 rows
 * and 2 vectors of columns, panel after panel. With little depth the way through {@link
 * MatmulMerge} would cost as much as the product. Native segments, offsets and strides in bytes.
 */
final class UpdateTiles {
    /** The most depth of a product for these tiles. */
    static final int DEPTH = 64;

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = F.vectorByteSize();

    private UpdateTiles() {}

    /**
     * Six rows of c, {@code panels} times two vectors wide. Element {@code [r, k]} of a is at
     * {@code aAt + r aRow + k aStep}; row k of b's panel p is at {@code bAt + p bPanel + k bStep}.
     * The steps are no constants: with those C2 proves more about the loop than a short loop is
     * worth.
     */
    static void strip(
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            long bStep,
            long bPanel,
            int depth,
            int panels,
            float beta,
            MemorySegment c,
            long cAt,
            long cRow) {
        long a1 = aRow;
        long a2 = a1 + aRow;
        long a3 = a2 + aRow;
        long a4 = a3 + aRow;
        long a5 = a4 + aRow;
        long panel = bAt;
        long target = cAt;
        for (int n = 0; n < panels; n++) {
            FloatVector old = FloatVector.broadcast(F, beta);
            FloatVector z = FloatVector.zero(F);
            FloatVector c00 = z, c01 = z;
            FloatVector c10 = z, c11 = z;
            FloatVector c20 = z, c21 = z;
            FloatVector c30 = z, c31 = z;
            FloatVector c40 = z, c41 = z;
            FloatVector c50 = z, c51 = z;
            long i = aAt;
            long j = panel;
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromMemorySegment(F, b, j, ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
                FloatVector x0 = FloatVector.broadcast(F, a.get(FLOAT, i));
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                FloatVector x1 = FloatVector.broadcast(F, a.get(FLOAT, i + a1));
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                FloatVector x2 = FloatVector.broadcast(F, a.get(FLOAT, i + a2));
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                FloatVector x3 = FloatVector.broadcast(F, a.get(FLOAT, i + a3));
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
                FloatVector x4 = FloatVector.broadcast(F, a.get(FLOAT, i + a4));
                c40 = x4.fma(b0, c40);
                c41 = x4.fma(b1, c41);
                FloatVector x5 = FloatVector.broadcast(F, a.get(FLOAT, i + a5));
                c50 = x5.fma(b0, c50);
                c51 = x5.fma(b1, c51);
                i += aStep;
                j += bStep;
            }
            long o = target;
            long p = target + BYTES;
            old.fma(FloatVector.fromMemorySegment(F, c, o, ORDER), c00)
                    .intoMemorySegment(c, o, ORDER);
            old.fma(FloatVector.fromMemorySegment(F, c, p, ORDER), c01)
                    .intoMemorySegment(c, p, ORDER);
            o += cRow;
            p += cRow;
            old.fma(FloatVector.fromMemorySegment(F, c, o, ORDER), c10)
                    .intoMemorySegment(c, o, ORDER);
            old.fma(FloatVector.fromMemorySegment(F, c, p, ORDER), c11)
                    .intoMemorySegment(c, p, ORDER);
            o += cRow;
            p += cRow;
            old.fma(FloatVector.fromMemorySegment(F, c, o, ORDER), c20)
                    .intoMemorySegment(c, o, ORDER);
            old.fma(FloatVector.fromMemorySegment(F, c, p, ORDER), c21)
                    .intoMemorySegment(c, p, ORDER);
            o += cRow;
            p += cRow;
            old.fma(FloatVector.fromMemorySegment(F, c, o, ORDER), c30)
                    .intoMemorySegment(c, o, ORDER);
            old.fma(FloatVector.fromMemorySegment(F, c, p, ORDER), c31)
                    .intoMemorySegment(c, p, ORDER);
            o += cRow;
            p += cRow;
            old.fma(FloatVector.fromMemorySegment(F, c, o, ORDER), c40)
                    .intoMemorySegment(c, o, ORDER);
            old.fma(FloatVector.fromMemorySegment(F, c, p, ORDER), c41)
                    .intoMemorySegment(c, p, ORDER);
            o += cRow;
            p += cRow;
            old.fma(FloatVector.fromMemorySegment(F, c, o, ORDER), c50)
                    .intoMemorySegment(c, o, ORDER);
            old.fma(FloatVector.fromMemorySegment(F, c, p, ORDER), c51)
                    .intoMemorySegment(c, p, ORDER);
            panel += bPanel;
            target += 2 * BYTES;
        }
    }

    /** {@code panel *= alpha}, a whole number of vectors. */
    static void scale(MemorySegment panel, long at, long bytes, float alpha) {
        for (long o = at; o < at + bytes; o += BYTES) {
            FloatVector.fromMemorySegment(F, panel, o, ORDER)
                    .mul(alpha)
                    .intoMemorySegment(panel, o, ORDER);
        }
    }
}
