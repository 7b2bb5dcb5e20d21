/**
 * What a piece of work would take before it runs: a device that allocates as a real one does and
 * keeps the books, but holds no numbers and computes nothing. What the work is belongs to others.
 */
package org.lugha.runtime.plan;
