/**
 * The CUDA device as the runtime sees it: its provider and the probe that finds out, without ever
 * failing, whether this machine has a usable GPU. Raw driver functions are in {@code bindings},
 * generated and never edited; nothing here knows of gradients, modules or models.
 */
package org.lugha.cuda;
