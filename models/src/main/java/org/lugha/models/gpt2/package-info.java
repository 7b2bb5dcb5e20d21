/**
 * GPT-2 (Radford et al. 2019) and what is built like it: its {@code config.json} and how its
 * modules are put together. What other families share is in {@code layers}.
 */
package org.lugha.models.gpt2;
