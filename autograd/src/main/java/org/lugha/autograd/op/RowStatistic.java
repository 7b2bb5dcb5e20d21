package org.lugha.autograd.op;

import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** One number a row that backward needs again; F32 where x has half of that. */
final class RowStatistic {
    private RowStatistic() {}

    /** {@code [rows]} for x {@code [.., D]}, uninitialised. */
    static Tensor of(Tensor x) {
        return Tensor.empty(
                x.device(), x.dtype().wide(), Shape.of(Math.toIntExact(x.shape().rows())));
    }
}
