/**
 * The Mistral family (Jiang et al. 2023): its {@code config.json}. What other rotary decoders share
 * is in {@code decoder} and {@code layers}.
 */
package org.lugha.models.mistral;
