/**
 * The front door: a causal language model by its folder ({@link org.lugha.models.CausalLM}), its
 * loss, its logits and what it generates, and how a family of models joins ({@link
 * org.lugha.models.ModelFamily}).
 *
 * <p>Layers, families, adapters, files, tokenizers and training runs have packages of their own.
 */
package org.lugha.models;
