package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * {@code c += a b} for a depth of eight and one or two vectors of columns: b stays in registers
 * while the rows of a and c pass by. Native segments, offsets and strides in bytes; a's rows are
 * dense.
 *
 * <p>The addition to c comes last and is an addition: those have units of their own on many
 * processors, and where c is late the products need not wait.
 */
final class EightDeep {
    /** Depth of b that is held. */
    static final int DEPTH = 8;

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = F.vectorByteSize();

    private EightDeep() {}

    /** Two vectors of columns: row k of b is at {@code bAt + k bStep}. */
    static void twoVectors(
            MemorySegment a,
            long aAt,
            long aRow,
            MemorySegment b,
            long bAt,
            long bStep,
            int rows,
            MemorySegment c,
            long cAt,
            long cRow) {
        long j = bAt;
        FloatVector p0 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q0 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        j += bStep;
        FloatVector p1 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q1 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        j += bStep;
        FloatVector p2 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q2 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        j += bStep;
        FloatVector p3 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q3 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        j += bStep;
        FloatVector p4 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q4 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        j += bStep;
        FloatVector p5 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q5 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        j += bStep;
        FloatVector p6 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q6 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        j += bStep;
        FloatVector p7 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        FloatVector q7 = FloatVector.fromMemorySegment(F, b, j + BYTES, ORDER);
        long i = aAt;
        long o = cAt;
        for (int r = 0; r < rows; r++) {
            FloatVector x = FloatVector.broadcast(F, a.get(FLOAT, i));
            FloatVector s = x.mul(p0);
            FloatVector t = x.mul(q0);
            x = FloatVector.broadcast(F, a.get(FLOAT, i + 4));
            s = x.fma(p1, s);
            t = x.fma(q1, t);
            x = FloatVector.broadcast(F, a.get(FLOAT, i + 8));
            s = x.fma(p2, s);
            t = x.fma(q2, t);
            x = FloatVector.broadcast(F, a.get(FLOAT, i + 12));
            s = x.fma(p3, s);
            t = x.fma(q3, t);
            x = FloatVector.broadcast(F, a.get(FLOAT, i + 16));
            s = x.fma(p4, s);
            t = x.fma(q4, t);
            x = FloatVector.broadcast(F, a.get(FLOAT, i + 20));
            s = x.fma(p5, s);
            t = x.fma(q5, t);
            x = FloatVector.broadcast(F, a.get(FLOAT, i + 24));
            s = x.fma(p6, s);
            t = x.fma(q6, t);
            x = FloatVector.broadcast(F, a.get(FLOAT, i + 28));
            s = x.fma(p7, s);
            t = x.fma(q7, t);
            s.add(FloatVector.fromMemorySegment(F, c, o, ORDER)).intoMemorySegment(c, o, ORDER);
            t.add(FloatVector.fromMemorySegment(F, c, o + BYTES, ORDER))
                    .intoMemorySegment(c, o + BYTES, ORDER);
            i += aRow;
            o += cRow;
        }
    }

    /** The first {@code columns} of one vector of columns. */
    static void edge(
            MemorySegment a,
            long aAt,
            long aRow,
            MemorySegment b,
            long bAt,
            long bStep,
            int rows,
            int columns,
            MemorySegment c,
            long cAt,
            long cRow) {
        VectorMask<Float> lanes = F.indexInRange(0, columns);
        long j = bAt;
        FloatVector p0 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        j += bStep;
        FloatVector p1 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        j += bStep;
        FloatVector p2 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        j += bStep;
        FloatVector p3 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        j += bStep;
        FloatVector p4 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        j += bStep;
        FloatVector p5 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        j += bStep;
        FloatVector p6 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        j += bStep;
        FloatVector p7 = FloatVector.fromMemorySegment(F, b, j, ORDER);
        long i = aAt;
        long o = cAt;
        for (int r = 0; r < rows; r++) {
            FloatVector s = FloatVector.broadcast(F, a.get(FLOAT, i)).mul(p0);
            s = FloatVector.broadcast(F, a.get(FLOAT, i + 4)).fma(p1, s);
            s = FloatVector.broadcast(F, a.get(FLOAT, i + 8)).fma(p2, s);
            s = FloatVector.broadcast(F, a.get(FLOAT, i + 12)).fma(p3, s);
            s = FloatVector.broadcast(F, a.get(FLOAT, i + 16)).fma(p4, s);
            s = FloatVector.broadcast(F, a.get(FLOAT, i + 20)).fma(p5, s);
            s = FloatVector.broadcast(F, a.get(FLOAT, i + 24)).fma(p6, s);
            s = FloatVector.broadcast(F, a.get(FLOAT, i + 28)).fma(p7, s);
            s.add(FloatVector.fromMemorySegment(F, c, o, ORDER, lanes))
                    .intoMemorySegment(c, o, ORDER, lanes);
            i += aRow;
            o += cRow;
        }
    }
}
