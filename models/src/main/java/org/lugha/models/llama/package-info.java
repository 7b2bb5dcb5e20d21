/**
 * The Llama family (Touvron et al. 2023; Llama 3: Grattafiori et al. 2024): its {@code config.json}
 * and how its modules are put together. What other families share is in {@code layers}.
 */
package org.lugha.models.llama;
