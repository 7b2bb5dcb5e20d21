package org.lugha.runtime.cpu.pass;

import java.util.Arrays;
import org.lugha.runtime.Layout;

/**
 * The way through two layouts of one shape, axes merged wherever both lie without gaps: rows whose
 * last axis is a run on both sides, or, where it is not, squares of the last two axes.
 *
 * @param dims extents, of at least two axes
 * @param xs steps of the source
 * @param ys steps of the destination
 */
record Walk(long[] dims, long[] xs, long[] ys, long xOffset, long yOffset) {
    /** Side of a square. */
    static final int SIDE = 64;

    /** Two layouts with the same shape, which has elements. */
    static Walk of(Layout x, Layout y) {
        int rank = x.shape().rank();
        long[] dims = new long[rank + 2];
        long[] xs = new long[rank + 2];
        long[] ys = new long[rank + 2];
        int last = rank + 1; // filled from the end; what remains in front has extent 1
        Arrays.fill(dims, 1);
        xs[last] = 1;
        ys[last] = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            long n = x.shape().dim(axis);
            long a = x.strides()[axis];
            long b = y.strides()[axis];
            if (n == 1) {
                continue;
            }
            if (dims[last] == 1) {
                xs[last] = a;
                ys[last] = b;
                dims[last] = n;
            } else if (a == dims[last] * xs[last] && b == dims[last] * ys[last]) {
                dims[last] *= n;
            } else {
                last--;
                dims[last] = n;
                xs[last] = a;
                ys[last] = b;
            }
        }
        int from = Math.min(last, rank);
        int to = rank + 2;
        return new Walk(
                Arrays.copyOfRange(dims, from, to),
                Arrays.copyOfRange(xs, from, to),
                Arrays.copyOfRange(ys, from, to),
                x.offset(),
                y.offset());
    }

    boolean isStrided() {
        int last = dims.length - 1;
        return xs[last] != 1 || ys[last] != 1;
    }

    /** Elements of a run. */
    long run() {
        return dims[dims.length - 1];
    }

    long rows() {
        return product(1);
    }

    /** Where row r starts in the source. */
    long x(long r) {
        return at(r, xs, xOffset, 1);
    }

    /** Where row r starts in the destination. */
    long y(long r) {
        return at(r, ys, yOffset, 1);
    }

    /** How many squares there are. */
    long squares() {
        return product(2) * across(0) * across(1);
    }

    /** Start in source and destination, extent in the last axis but one and in the last. */
    long[] square(long s) {
        long j = s % across(1) * SIDE;
        long i = s / across(1) % across(0) * SIDE;
        long outer = s / across(1) / across(0);
        return new long[] {
            at(outer, xs, xOffset, 2) + i * xStep(0) + j * xStep(1),
            at(outer, ys, yOffset, 2) + i * yStep(0) + j * yStep(1),
            Math.min(SIDE, dim(0) - i),
            Math.min(SIDE, dim(1) - j)
        };
    }

    /** Step of the last axis but one (0) or the last (1). */
    long xStep(int axis) {
        return xs[xs.length - 2 + axis];
    }

    /** Step of the last axis but one (0) or the last (1). */
    long yStep(int axis) {
        return ys[ys.length - 2 + axis];
    }

    private long dim(int axis) {
        return dims[dims.length - 2 + axis];
    }

    private long across(int axis) {
        return (dim(axis) + SIDE - 1) / SIDE;
    }

    private long product(int without) {
        long n = 1;
        for (int i = 0; i < dims.length - without; i++) {
            n *= dims[i];
        }
        return n;
    }

    private long at(long index, long[] steps, long offset, int without) {
        long position = offset;
        long rest = index;
        for (int i = dims.length - 1 - without; i >= 0; i--) {
            position += rest % dims[i] * steps[i];
            rest /= dims[i];
        }
        return position;
    }
}
