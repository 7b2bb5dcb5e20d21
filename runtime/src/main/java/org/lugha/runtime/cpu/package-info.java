/**
 * The CPU device: threads, vectors, memory and one kernel class per family. The only package that
 * may import {@code jdk.incubator.vector}. What models or ops need does not belong here.
 */
package org.lugha.runtime.cpu;
