/**
 * Text to token ids and back, as a Hugging Face {@code tokenizer.json} or a SentencePiece model
 * describes it, and training of vocabularies. A block that is not built is refused by its name.
 *
 * <p>Chat templates and batches belong to those who prepare data.
 */
package org.lugha.models.tokenizer;
