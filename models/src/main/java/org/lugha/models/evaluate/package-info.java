/**
 * How good a model is: the loss of each line of a file, and corpus metrics over hypotheses and
 * references that equal sacrebleu 2.6.0 in value and signature; labels as scikit-learn counts them.
 * What computes a loss for training is elsewhere.
 */
package org.lugha.models.evaluate;
