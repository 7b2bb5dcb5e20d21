/**
 * The Gemma, Gemma 2 and Gemma 3 families (Gemma Team 2024, 2025), text only: their {@code
 * config.json}. What other rotary decoders share is in {@code decoder} and {@code layers}.
 */
package org.lugha.models.gemma;
