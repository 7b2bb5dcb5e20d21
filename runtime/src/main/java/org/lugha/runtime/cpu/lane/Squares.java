package org.lugha.runtime.cpu.lane;

import static jdk.incubator.vector.VectorOperators.F2D;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * The sum of squares of a tensor's elements, in double precision: one read of the memory. Chunks
 * depend on the shape alone and are added in order, so the bits do not depend on the threads.
 *
 * <p>Extra memory: 8 bytes for every {@link #CHUNK} elements; for each thread, where elements are
 * narrower than F32, {@code 4 STRIP} bytes.
 */
public final class Squares {
    private static final VectorSpecies<Double> D = Lanes.F.withLanes(double.class);
    private static final int LANES = D.length();

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int CHUNK = 1 << 15;
    private static final int STRIP = 1 << 12;

    private Squares() {}

    /** Whether {@link #of} reads this type. */
    public static boolean reads(DType type) {
        return type == DType.F32 || type == DType.BF16 || type == DType.F16;
    }

    public static double of(Tensor x, Workers workers) {
        MemorySegment in = x.memory();
        DType type = x.dtype();
        long n = x.count();
        double[] parts = new double[Math.toIntExact((n + CHUNK - 1) / CHUNK)];
        workers.split(
                n,
                CHUNK,
                (from, to) -> {
                    for (long at = from; at < to; at += CHUNK) {
                        long end = Math.min(to, at + CHUNK);
                        parts[(int) (at / CHUNK)] =
                                type == DType.F32 ? sum(in, at, end) : widened(type, in, at, end);
                    }
                });
        double sum = 0;
        for (double p : parts) {
            sum += p;
        }
        return sum;
    }

    private static double widened(DType type, MemorySegment x, long from, long to) {
        MemorySegment wide = Scratch.mine().of(Purpose.ROW, 4L * STRIP);
        double sum = 0;
        for (long at = from; at < to; at += STRIP) {
            long n = Math.min(STRIP, to - at);
            Convert.run(type, x, at * type.bytes(), DType.F32, wide, 0, n);
            sum += sum(wide, 0, n);
        }
        return sum;
    }

    private static double sum(MemorySegment x, long from, long to) {
        double[] lanes = new double[4 * LANES];
        // The last load of a round reads half a vector more than it converts.
        long whole = from + Math.max(0, (to - from - LANES) / (4L * LANES)) * (4L * LANES);
        sweep(x, 4 * from, 4 * whole, lanes);
        double sum = 0;
        for (double lane : lanes) {
            sum += lane;
        }
        for (long i = whole; i < to; i++) {
            double v = Floats.get(x, 4 * i);
            sum = Math.fma(v, v, sum);
        }
        return sum;
    }

    /**
     * Four sums at a time: one alone would wait for its own last addition. Only the lower halves of
     * what is loaded are converted; a species of half as many floats would do, but a second width
     * of floats in a process costs every loop the certainty of which one it has.
     */
    private static void sweep(MemorySegment x, long from, long to, double[] lanes) {
        DoubleVector s0 = DoubleVector.zero(D);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        for (long i = from; i < to; i += 16L * LANES) {
            FloatVector x0 = FloatVector.fromMemorySegment(Lanes.F, x, i, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(Lanes.F, x, i + 4L * LANES, ORDER);
            FloatVector x2 = FloatVector.fromMemorySegment(Lanes.F, x, i + 8L * LANES, ORDER);
            FloatVector x3 = FloatVector.fromMemorySegment(Lanes.F, x, i + 12L * LANES, ORDER);
            DoubleVector d0 = (DoubleVector) x0.convertShape(F2D, D, 0);
            DoubleVector d1 = (DoubleVector) x1.convertShape(F2D, D, 0);
            DoubleVector d2 = (DoubleVector) x2.convertShape(F2D, D, 0);
            DoubleVector d3 = (DoubleVector) x3.convertShape(F2D, D, 0);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
            s2 = d2.fma(d2, s2);
            s3 = d3.fma(d3, s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, LANES);
        s2.intoArray(lanes, 2 * LANES);
        s3.intoArray(lanes, 3 * LANES);
    }
}
