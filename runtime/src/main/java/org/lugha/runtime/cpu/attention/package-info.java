/**
 * Attention by blocks with an online softmax, and one query against a cache. No mask is ever a
 * matrix.
 */
package org.lugha.runtime.cpu.attention;
