/**
 * How good a model is: the loss of each line of a file, and corpus metrics over hypotheses and
 * references that equal sacrebleu 2.6.0 in value and signature. What computes a loss for training
 * and what makes the hypotheses is elsewhere.
 */
package org.lugha.models.evaluate;
