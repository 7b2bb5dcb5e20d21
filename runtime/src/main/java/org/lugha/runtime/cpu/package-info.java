/**
 * The device {@code cpu}, assembled from kernels in the packages below: SIMD by the Vector API,
 * which nothing else imports, on one pool of threads. Its ceilings, and what it says when it must
 * fall back to the reference.
 */
package org.lugha.runtime.cpu;
