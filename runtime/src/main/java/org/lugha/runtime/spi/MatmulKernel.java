package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Matrix products. Understands strides. */
public interface MatmulKernel {
    /**
     * {@code c = beta c + alpha op(a) op(b)}, where op transposes if asked: op(a) {@code [M,K]},
     * op(b) {@code [K,N]}, c {@code [M,N]}; or all three with one more leading axis, the batch.
     * {@code K == 0} gives {@code beta c}.
     */
    void gemm(boolean transposeA, boolean transposeB, double alpha, Tensor a, Tensor b, Into c);
}
