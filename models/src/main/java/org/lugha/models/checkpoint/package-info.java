/**
 * Weights on disk: safetensors files read by mapping and written by streaming, checkpoints made of
 * one or several of them, and files or folders that appear under their name only when complete.
 *
 * <p>Tensors are memory and names here; binding them to parameters belongs to the models. Pickled
 * checkpoints are refused: loading one can run code.
 */
package org.lugha.models.checkpoint;
