package org.lugha.runtime.cpu.pass;

import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.lane.Squares;
import org.lugha.runtime.cpu.thread.Partials;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.ReduceKernel;

/**
 * Sums, those of all elements in double precision; F64 and the plain sum of BF16 and F16 go to the
 * reference.
 *
 * <p>Extra memory: {@code sumRows} {@code 4 D min(64, rows / 16)} bytes and for each thread that of
 * {@link Rows}; {@code sumAxis} the same where A is 1, else that of {@link AxisSums}; {@code sum} 8
 * bytes for every {@link Floats#GRAIN} elements; see {@link Squares}.
 */
public final class CpuReduce implements ReduceKernel {
    private static final VectorSpecies<Double> D = Lanes.F.withLanes(double.class);

    private final Workers workers;
    private final ReduceKernel reference;

    public CpuReduce(Workers workers, ReduceKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void sumRows(Tensor x, Into y) {
        if (!Floats.wide(x, y.tensor())) {
            reference.sumRows(x, y);
            return;
        }
        long d = x.shape().last();
        long rows = x.shape().rows();
        long grain = grain(rows);
        Rows each = Rows.read(Purpose.ROWS, d, x);
        try (Partials sums = rowSums(x)) {
            workers.split(
                    rows,
                    grain,
                    (from, to) -> {
                        long part = from / grain;
                        sums.clear(part);
                        MemorySegment[] m = each.floats();
                        for (long row = from; row < to; row++) {
                            addRow(m[0], each.open(m, row), sums.memory(), sums.at(part), d);
                        }
                    });
            sums.sumInto(y, workers);
        }
    }

    /** Where rows are summed up. */
    static Partials rowSums(Tensor x) {
        long rows = x.shape().rows();
        long parts = (rows + grain(rows) - 1) / grain(rows);
        return Partials.of(x.device(), parts, x.shape().last(), "sum_rows");
    }

    private static long grain(long rows) {
        return Math.max(16, (rows + 63) / 64);
    }

    @Override
    public void sumAxis(Tensor x, Into y) {
        if (!Floats.wide(x, y.tensor())) {
            reference.sumAxis(x, y);
        } else if (areRows(x, y)) {
            sumRows(x.view(x.dim(1), x.dim(2)), new Into(y.tensor().view(x.dim(2)), y.beta()));
        } else if (x.dim(2) == 1 && Floats.all(x, y.tensor())) {
            sumOfEach(x, y);
        } else {
            AxisSums sums = AxisSums.of(x, y);
            long work = Math.max(1, x.dim(1)) * Math.min(x.dim(2), AxisSums.WIDTH);
            long grain = Math.max(1, Floats.GRAIN / Math.max(1, work));
            workers.split(x.dim(0) * sums.strips(), grain, sums::run);
        }
    }

    /** Whether a sum over an axis is one over rows; a dense run has a faster way. */
    static boolean areRows(Tensor x, Into y) {
        return x.dim(0) == 1 && !(x.dim(2) == 1 && Floats.all(x, y.tensor()));
    }

    /** Rows that lie dense: each in double precision. */
    private void sumOfEach(Tensor x, Into y) {
        MemorySegment in = x.memory();
        MemorySegment out = y.tensor().memory();
        long n = x.dim(1);
        if (x.dim(0) == 1) {
            sum(x, y);
            return;
        }
        workers.split(
                x.dim(0),
                Math.max(1, Floats.GRAIN / Math.max(1, n)),
                (from, to) -> {
                    for (long r = from; r < to; r++) {
                        Floats.set(out, 4 * r, (float) sum(in, r * n, (r + 1) * n), y.beta());
                    }
                });
    }

    /** {@code sums += x} for one row of d elements. */
    static void addRow(MemorySegment x, long at, MemorySegment sums, long to, long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(x, at + i).add(load(sums, to + i)), sums, to + i);
        }
        for (; i < 4 * d; i += 4) {
            Floats.set(sums, to + i, Floats.get(x, at + i) + Floats.get(sums, to + i));
        }
    }

    @Override
    public void sum(Tensor x, Into y) {
        if (x.dtype() == DType.F32) {
            put(y, all(x, CpuReduce::sum));
        } else {
            reference.sum(x, y);
        }
    }

    @Override
    public void sumOfSquares(Tensor x, Into y) {
        if (Squares.reads(x.dtype())) {
            put(y, Squares.of(x, workers));
        } else {
            reference.sumOfSquares(x, y);
        }
    }

    private static void put(Into y, double sum) {
        double before = y.beta() == 0 ? 0 : y.beta() * y.tensor().get(0);
        y.tensor().set(0, before + sum);
    }

    private interface Part {
        double of(MemorySegment x, long from, long to);
    }

    private double all(Tensor x, Part part) {
        MemorySegment in = x.memory();
        long n = x.count();
        double[] parts = new double[Math.toIntExact((n + Floats.GRAIN - 1) / Floats.GRAIN)];
        workers.split(
                n,
                Floats.GRAIN,
                (from, to) -> parts[(int) (from / Floats.GRAIN)] = part.of(in, from, to));
        double sum = 0;
        for (double p : parts) {
            sum += p;
        }
        return sum;
    }

    private static double sum(MemorySegment x, long from, long to) {
        // The last load of a round reads half a vector more than it converts.
        long rounds = Math.max(0, (to - from - D.length()) / (2L * D.length()));
        long i = 4 * from;
        double sum = vectors(x, i, i + rounds * BYTES);
        for (i += rounds * BYTES; i < 4 * to; i += 4) {
            sum += Floats.get(x, i);
        }
        return sum;
    }

    /** Only the lower half of what is loaded is converted, see {@link Squares}. */
    private static double vectors(MemorySegment x, long from, long to) {
        DoubleVector s = DoubleVector.zero(D);
        DoubleVector t = s;
        for (long i = from; i < to; i += BYTES) {
            s = s.add((DoubleVector) load(x, i).convertShape(VectorOperators.F2D, D, 0));
            FloatVector v = load(x, i + BYTES / 2);
            t = t.add((DoubleVector) v.convertShape(VectorOperators.F2D, D, 0));
        }
        return lanes(s.add(t));
    }

    /** Lanes added in order. */
    private static double lanes(DoubleVector v) {
        double sum = 0;
        for (double lane : v.toArray()) {
            sum += lane;
        }
        return sum;
    }
}
