/**
 * The Qwen 2, Qwen 2.5 and Qwen 3 families (Yang et al. 2024, 2025) of dense models: their {@code
 * config.json}. What other rotary decoders share is in {@code decoder} and {@code layers}.
 */
package org.lugha.models.qwen;
