package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Softmax over the last axis. */
public interface SoftmaxKernel {
    /** {@code y = exp(x - max) / sum}. */
    void forward(Tensor x, Into y);

    /** {@code dx = y (dy - sum(dy y))}. */
    void backward(Tensor y, Tensor dy, Into dx);
}
