/**
 * Matrix products, for right operands of floats and of few bits: one path a kind of shape, chosen
 * by {@code CpuMatmul} and {@code CpuQuant}. Nothing that knows what a product is for.
 */
package org.lugha.runtime.cpu.matmul;
