/**
 * Text to token ids and back, as a Hugging Face {@code tokenizer.json} describes it, and training
 * of byte-level BPE vocabularies. A block of the file that is not built is refused by its name.
 *
 * <p>Chat templates, truncation, padding and batches belong to those who prepare data.
 */
package org.lugha.models.tokenizer;
