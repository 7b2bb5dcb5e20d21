package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Moves elements between layouts and types. Understands strides on both sides. */
public interface CopyKernel {
    /** {@code y = beta y + x}, same shape, any two types; narrowing rounds to nearest even. */
    void copy(Tensor x, Into y);

    /** {@code y = beta y + value}. */
    void fill(double value, Into y);
}
