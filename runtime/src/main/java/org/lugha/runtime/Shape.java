package org.lugha.runtime;

import java.util.Arrays;

/**
 * The extents of a tensor's axes, outermost first. Rank 0 is a scalar; an extent may be 0.
 *
 * <p>Axes may be counted from the end: {@code dim(-1)} is the last.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content: see equals
public record Shape(int... dims) {
    public Shape {
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException(
                        "shape: extents must not be negative, got " + Arrays.toString(dims));
            }
        }
    }

    public static Shape of(int... dims) {
        return new Shape(dims.clone());
    }

    public int rank() {
        return dims.length;
    }

    public int dim(int axis) {
        return dims[axis < 0 ? dims.length + axis : axis];
    }

    /** The last extent; 1 for a scalar. */
    public int last() {
        return dims.length == 0 ? 1 : dims[dims.length - 1];
    }

    /** Elements in all. */
    public long count() {
        long n = 1;
        for (int d : dims) {
            n *= d;
        }
        return n;
    }

    /** Elements divided by the last extent: how many rows row-wise kernels see. */
    public long rows() {
        long n = 1;
        for (int i = 0; i < dims.length - 1; i++) {
            n *= dims[i];
        }
        return n;
    }

    /** The same shape with another last extent. */
    public Shape withLast(int extent) {
        int[] d = dims.length == 0 ? new int[1] : dims.clone();
        d[d.length - 1] = extent;
        return new Shape(d);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape(int[] other) && Arrays.equals(dims, other);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
