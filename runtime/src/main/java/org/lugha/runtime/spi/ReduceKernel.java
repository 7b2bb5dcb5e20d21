package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Sums in an order fixed by the shape. */
public interface ReduceKernel {
    /** {@code y[d] = beta y[d] + sum_r x[r, d]}, x {@code [.., D]}, y {@code [D]}. */
    void sumRows(Tensor x, Into y);

    /** {@code y[a, b] = beta y[a, b] + sum_n x[a, n, b]}, x {@code [A,N,B]}, y {@code [A,B]}. */
    void sumAxis(Tensor x, Into y);

    /** {@code y = beta y + sum_i x_i}, y one element, possibly F64 for an F32 x. */
    void sum(Tensor x, Into y);

    /** {@code y = beta y + sum_i x_i^2}, y one element, possibly F64 for an F32 x. */
    void sumOfSquares(Tensor x, Into y);
}
