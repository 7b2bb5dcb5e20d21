package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;

/** What a tile computed, added to where it belongs. Native segments, strides in bytes. */
final class MatmulMerge {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = F.vectorByteSize();

    private MatmulMerge() {}

    /**
     * {@code c = beta c + alpha tile} for {@code rows} x {@code columns} elements; with {@code beta
     * == 0} c is not read.
     */
    static void merge(
            MemorySegment tile,
            long tileRow,
            float alpha,
            float beta,
            int rows,
            int columns,
            MemorySegment c,
            long cAt,
            long cRow) {
        int j = 0;
        for (; j <= columns - 4 * F.length(); j += 4 * F.length()) {
            fourVectors(tile, j * 4L, tileRow, alpha, beta, rows, c, cAt + j * 4L, cRow);
        }
        for (; j < columns; j += F.length()) {
            some(tile, j * 4L, tileRow, alpha, beta, rows, columns - j, c, cAt + j * 4L, cRow);
        }
    }

    private static void fourVectors(
            MemorySegment tile,
            long tileAt,
            long tileRow,
            float alpha,
            float beta,
            int rows,
            MemorySegment c,
            long cAt,
            long cRow) {
        long s = tileAt;
        long t = cAt;
        for (int i = 0; i < rows; i++) {
            FloatVector v0 = FloatVector.fromMemorySegment(F, tile, s, ORDER).mul(alpha);
            FloatVector v1 = FloatVector.fromMemorySegment(F, tile, s + BYTES, ORDER).mul(alpha);
            FloatVector v2 =
                    FloatVector.fromMemorySegment(F, tile, s + 2 * BYTES, ORDER).mul(alpha);
            FloatVector v3 =
                    FloatVector.fromMemorySegment(F, tile, s + 3 * BYTES, ORDER).mul(alpha);
            if (beta != 0) {
                v0 = FloatVector.fromMemorySegment(F, c, t, ORDER).mul(beta).add(v0);
                v1 = FloatVector.fromMemorySegment(F, c, t + BYTES, ORDER).mul(beta).add(v1);
                v2 = FloatVector.fromMemorySegment(F, c, t + 2 * BYTES, ORDER).mul(beta).add(v2);
                v3 = FloatVector.fromMemorySegment(F, c, t + 3 * BYTES, ORDER).mul(beta).add(v3);
            }
            v0.intoMemorySegment(c, t, ORDER);
            v1.intoMemorySegment(c, t + BYTES, ORDER);
            v2.intoMemorySegment(c, t + 2 * BYTES, ORDER);
            v3.intoMemorySegment(c, t + 3 * BYTES, ORDER);
            s += tileRow;
            t += cRow;
        }
    }

    /** One vector of columns or, at an edge, the first few lanes of one. */
    private static void some(
            MemorySegment tile,
            long tileAt,
            long tileRow,
            float alpha,
            float beta,
            int rows,
            int columns,
            MemorySegment c,
            long cAt,
            long cRow) {
        VectorMask<Float> lanes = F.indexInRange(0, columns);
        for (int i = 0; i < rows; i++) {
            long at = cAt + i * cRow;
            FloatVector t =
                    FloatVector.fromMemorySegment(F, tile, tileAt + i * tileRow, ORDER).mul(alpha);
            if (beta != 0) {
                t = FloatVector.fromMemorySegment(F, c, at, ORDER, lanes).mul(beta).add(t);
            }
            t.intoMemorySegment(c, at, ORDER, lanes);
        }
    }
}
