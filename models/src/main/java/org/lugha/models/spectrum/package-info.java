/**
 * Singular values and vectors of weights and of what adapters add to them, in plain doubles. No
 * training and no files.
 */
package org.lugha.models.spectrum;
