/**
 * The Llama family (Touvron et al. 2023; Llama 3: Grattafiori et al. 2024): its {@code
 * config.json}. What other rotary decoders share is in {@code decoder} and {@code layers}.
 */
package org.lugha.models.llama;
