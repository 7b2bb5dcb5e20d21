/**
 * Vectors and what is done to rows of numbers with them: loads, exponentials, conversions between
 * types, transpositions. Used by every kernel. Nothing that knows an operation of a model.
 */
package org.lugha.runtime.cpu.lane;
