/**
 * How good a model is: the loss of each line of a file, and corpus metrics that equal sacrebleu's.
 * What computes a loss for training is elsewhere.
 */
package org.lugha.models.evaluate;
