/**
 * Kernels at named shapes, with what they must at least compute and move, and how long they take.
 * Benchmarks and tests that look at every kernel share this list. No kernels here, and no figures.
 */
package org.lugha.runtime.measure;
