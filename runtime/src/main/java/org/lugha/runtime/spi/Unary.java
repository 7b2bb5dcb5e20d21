package org.lugha.runtime.spi;

/** The functions of one variable that ops use; {@code sigma} is the logistic function. */
public enum Unary {
    /** {@code x sigma(x)}. */
    SILU,
    /** {@code x Phi(x)} with the normal distribution function, by erf. */
    GELU,
    /** {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
    GELU_TANH,
    /** {@code max(x, 0)}; derivative 0 at 0. */
    RELU,
    SIGMOID,
    TANH,
    /** {@code log(1 + e^x) = -log sigma(-x)}; its derivative is sigma. */
    SOFTPLUS
}
