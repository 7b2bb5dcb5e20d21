/**
 * RUN.yaml: its keys, defaults and ranges, and the records that a run is made from. Reads; opens
 * and trains nothing.
 */
package org.lugha.models.settings;
