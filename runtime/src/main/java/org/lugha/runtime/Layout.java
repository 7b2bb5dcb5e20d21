package org.lugha.runtime;

import java.util.Arrays;

/**
 * Where elements lie in a storage: element {@code [i, j, ...]} is at {@code offset + i * strides[0]
 * + j * strides[1] + ...}, counted in elements.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content: see equals
public record Layout(Shape shape, long[] strides, long offset) {

    /** Row-major from the start of the storage. */
    public static Layout contiguous(Shape shape) {
        return new Layout(shape, rowMajor(shape), 0);
    }

    /** Whether the elements lie in row-major order without gaps. Axes of extent 1 do not matter. */
    public boolean isContiguous() {
        long expected = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            if (shape.dim(i) != 1 && strides[i] != expected) {
                return shape.count() == 0;
            }
            expected *= shape.dim(i);
        }
        return true;
    }

    /** Storage index of the element with this row-major index. */
    public long at(long index) {
        if (isContiguous()) {
            return offset + index;
        }
        long position = offset;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            int extent = shape.dim(i);
            position += index % extent * strides[i];
            index /= extent;
        }
        return position;
    }

    /** The same elements under another shape; the layout must be contiguous. */
    public Layout reshape(Shape to) {
        if (to.count() != shape.count()) {
            throw new ShapeException(
                    "view: "
                            + shape
                            + " has "
                            + shape.count()
                            + " elements, "
                            + to
                            + " needs "
                            + to.count());
        }
        if (!isContiguous()) {
            throw new ShapeException(
                    "view: " + shape + " is not contiguous; copy it first with contiguous()");
        }
        return new Layout(to, rowMajor(to), offset);
    }

    /** Two axes exchanged. */
    public Layout transpose(int a, int b) {
        int i = axis(a);
        int j = axis(b);
        int[] dims = shape.dims().clone();
        long[] s = strides.clone();
        dims[i] = shape.dim(j);
        dims[j] = shape.dim(i);
        s[i] = strides[j];
        s[j] = strides[i];
        return new Layout(new Shape(dims), s, offset);
    }

    /** Elements {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    public Layout slice(int axis, int from, int to) {
        int i = axis(axis);
        if (from < 0 || to < from || to > shape.dim(i)) {
            throw new ShapeException(
                    "slice: axis "
                            + axis
                            + " of "
                            + shape
                            + " has "
                            + shape.dim(i)
                            + " elements, asked for "
                            + from
                            + " to "
                            + to);
        }
        int[] dims = shape.dims().clone();
        dims[i] = to - from;
        return new Layout(new Shape(dims), strides, offset + from * strides[i]);
    }

    /** The elements at one index of an axis, which is dropped. */
    public Layout select(int axis, int index) {
        int i = axis(axis);
        if (index < 0 || index >= shape.dim(i)) {
            throw new ShapeException(
                    "select: axis "
                            + axis
                            + " of "
                            + shape
                            + " has "
                            + shape.dim(i)
                            + " elements, asked for number "
                            + index);
        }
        int[] dims = new int[shape.rank() - 1];
        long[] s = new long[dims.length];
        for (int to = 0; to < dims.length; to++) {
            int from = to < i ? to : to + 1;
            dims[to] = shape.dim(from);
            s[to] = strides[from];
        }
        return new Layout(new Shape(dims), s, offset + index * strides[i]);
    }

    /**
     * Axes of extent 1, and those that are missing in front, repeated to fill a shape: their stride
     * is 0, so the same element is at many indices. To be read, not written.
     */
    public Layout expand(Shape to) {
        int missing = to.rank() - shape.rank();
        long[] s = new long[to.rank()];
        boolean fits = missing >= 0;
        for (int i = 0; fits && i < shape.rank(); i++) {
            boolean isSame = shape.dim(i) == to.dim(missing + i);
            fits = isSame || shape.dim(i) == 1;
            s[missing + i] = isSame ? strides[i] : 0;
        }
        if (!fits) {
            throw new ShapeException(
                    "expand: "
                            + shape
                            + " does not fill "
                            + to
                            + "; from the last axis on, each must be 1 or as wanted");
        }
        return new Layout(to, s, offset);
    }

    private int axis(int a) {
        int i = a < 0 ? shape.rank() + a : a;
        if (i < 0 || i >= shape.rank()) {
            throw new ShapeException("axis " + a + " does not exist in " + shape);
        }
        return i;
    }

    private static long[] rowMajor(Shape shape) {
        long[] strides = new long[shape.rank()];
        long step = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape.dim(i);
        }
        return strides;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Layout(Shape s, long[] t, long f)
                && f == offset
                && s.equals(shape)
                && Arrays.equals(t, strides);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return shape + (isContiguous() ? "" : " strides " + Arrays.toString(strides));
    }
}
