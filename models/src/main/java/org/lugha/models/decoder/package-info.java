/**
 * What the rotary decoder families share beyond layers: how {@code config.json} spells sizes,
 * windows and rotary positions, with what it means where a family says nothing else, and how the
 * modules are put together from it.
 *
 * <p>What one family alone has belongs to that family's package.
 */
package org.lugha.models.decoder;
