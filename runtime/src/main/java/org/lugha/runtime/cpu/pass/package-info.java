/**
 * Kernels that read and write each number once: norms, activations and gates, rope, softmax, loss,
 * optimizer, sums, rows of a table, copies. No product but those of the output layer's loss.
 */
package org.lugha.runtime.cpu.pass;
