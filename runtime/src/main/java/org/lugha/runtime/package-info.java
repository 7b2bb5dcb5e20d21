/**
 * Tensors, the scopes that own their memory, and devices by name. Nothing here computes: kernels
 * are in {@code spi} (what a device implements), {@code reference} and {@code cpu}.
 */
package org.lugha.runtime;
