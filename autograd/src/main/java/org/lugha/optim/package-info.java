/** Parameter updates: optimizers, learning-rate schedules, gradient clipping. */
package org.lugha.optim;
