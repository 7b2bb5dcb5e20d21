/**
 * Every kernel as its formula and a loop, in double precision: the definition that other devices
 * are tested against, and what they use for types they have no fast kernel for. Nothing here is
 * tuned; a kernel that should be fast belongs in {@code cpu}.
 */
package org.lugha.runtime.reference;
