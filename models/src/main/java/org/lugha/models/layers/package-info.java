/**
 * Layers that several families of models share, with Hugging Face's names: attention, gated
 * feed-forward, the block of both, rotary positions, and trained copies of single layers.
 *
 * <p>A family's own configuration and assembly belong to the family's package.
 */
package org.lugha.models.layers;
