/**
 * Adapters trained beside a frozen model, and their files in PEFT's own format. A method is a
 * record that is also its {@code adapter_config.json}.
 */
package org.lugha.models.peft;
