/**
 * What data files hold and what is wrong with them: checks, figures, duplicates, overlap, samples.
 * No model is asked here, and nothing is made ready for training: that is {@code models.data}.
 */
package org.lugha.models.corpus;
