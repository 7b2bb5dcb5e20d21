package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/**
 * Element by element; all tensors of a call have one shape unless said otherwise. Here alone the
 * destination may be the very tensor that is read: the work is then done in place.
 */
public interface ElementwiseKernel {
    /** {@code y = beta y + alpha x}. */
    void scale(double alpha, Tensor x, Into y);

    /** {@code y = beta y + a + b}. */
    void add(Tensor a, Tensor b, Into y);

    /** {@code y = beta y + a b}. */
    void mul(Tensor a, Tensor b, Into y);

    /** {@code y[r, :] = beta y[r, :] + x[r, :] + row}, x {@code [.., D]}, row {@code [D]}. */
    void addRow(Tensor x, Tensor row, Into y);

    /** {@code y[r, :] = beta y[r, :] + x[r, :] row}, x {@code [.., D]}, row {@code [D]}. */
    void mulRow(Tensor x, Tensor row, Into y);

    /**
     * {@code y[r, m] = beta y[r, m] + (mask[m] != 0 ? value : x[r, m])}: mask I32 of as many
     * elements as the last axes of x, the others being r; or of all. Its own gradient: apply it to
     * dy with 0.
     */
    void maskedFill(Tensor x, Tensor mask, double value, Into y);

    /** {@code y = beta y + f(x)}. */
    void unary(Unary f, Tensor x, Into y);

    /** {@code dx = beta dx + f'(x) dy}. */
    void unaryBackward(Unary f, Tensor x, Tensor dy, Into dx);

    /** {@code y = beta y + cap tanh(x / cap)} (Gemma 2), cap positive. */
    void softCap(double cap, Tensor x, Into y);

    /** {@code dx = beta dx + (1 - (y / cap)^2) dy}, from the result y of {@link #softCap}. */
    void softCapBackward(double cap, Tensor y, Tensor dy, Into dx);

    /** {@code y = beta y + f(gate) up}: SwiGLU with SILU, GeGLU with a GELU. */
    void gate(Unary f, Tensor gate, Tensor up, Into y);

    /** {@code dgate = f'(gate) up dy; dup = f(gate) dy}; either Into may be null. */
    void gateBackward(Unary f, Tensor gate, Tensor up, Tensor dy, Into dgate, Into dup);

    /**
     * {@code y_i = beta y_i + (uniform(seed, i) >= p ? x_i / (1 - p) : 0)} with {@link
     * org.lugha.runtime.Philox#uniform}. Its own gradient: apply it to dy with the same seed.
     */
    void dropout(double p, long seed, Tensor x, Into y);
}
