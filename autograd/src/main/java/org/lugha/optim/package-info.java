/**
 * Parameter updates: optimizers, learning-rate schedules, gradient clipping. Gradients are made
 * elsewhere; what a step is, and when it is taken, is the caller's.
 */
package org.lugha.optim;
