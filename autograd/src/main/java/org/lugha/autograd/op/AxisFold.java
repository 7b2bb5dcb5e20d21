package org.lugha.autograd.op;

import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Kernels;

/** A tensor seen around one axis as {@code [before, extent, after]}. */
record AxisFold(int before, int extent, int after) {

    /** The axis exists. */
    static AxisFold of(Shape shape, int axis) {
        long before = 1;
        long after = 1;
        for (int i = 0; i < shape.rank(); i++) {
            before *= i < axis ? shape.dim(i) : 1;
            after *= i > axis ? shape.dim(i) : 1;
        }
        return new AxisFold(Math.toIntExact(before), shape.dim(axis), Math.toIntExact(after));
    }

    /** The shape that is left when the axis is gone. */
    static Shape without(Shape shape, int axis) {
        int[] dims = new int[shape.rank() - 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = shape.dim(i < axis ? i : i + 1);
        }
        return new Shape(dims);
    }

    /** The type that sums of elements are kept in: F32 where x has half of that. */
    static DType sumType(Tensor x) {
        return x.dtype() == DType.F64 ? DType.F64 : DType.F32;
    }

    /** {@code y = beta y + sum over the axis of x}. */
    void sum(Kernels kernels, Tensor x, Into y) {
        Tensor sums = y.tensor().view(before, after);
        kernels.reduce().sumAxis(x.view(before, extent, after), new Into(sums, y.beta()));
    }

    /** {@code x = beta x + y}, repeated along the axis. */
    void repeat(Kernels kernels, Tensor y, Into x) {
        Shape shape = Shape.of(before, extent, after);
        Tensor all = y.view(before, 1, after).expand(shape);
        kernels.copy().copy(all, new Into(x.tensor().view(shape), x.beta()));
    }
}
