/**
 * BLOOM (Le Scao et al. 2022) and BLOOMZ: their {@code config.json} and how their modules are put
 * together. What other families share is in {@code layers}.
 */
package org.lugha.models.bloom;
