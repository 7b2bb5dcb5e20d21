/**
 * From files of sentences to batches of tokens: formats, loss masks, checks, mixing, packing. No
 * model is asked here, and nothing knows how a run is described.
 */
package org.lugha.models.data;
