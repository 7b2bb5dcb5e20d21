/**
 * Who computes and where it keeps its intermediate numbers: the pool of threads, scratch memory of
 * a thread, partial sums in a fixed order. No arithmetic of a kernel.
 */
package org.lugha.runtime.cpu.thread;
