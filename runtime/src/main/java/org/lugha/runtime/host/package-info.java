/**
 * Memory that the JVM reads and writes directly: the pools behind {@code cpu} and {@code
 * reference}, and the device that joins such a pool with kernels. No kernels here.
 */
package org.lugha.runtime.host;
