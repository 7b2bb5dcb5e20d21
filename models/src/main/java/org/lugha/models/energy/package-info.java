/**
 * What a run takes of electricity, and the CO2 of making it: counters of the processor where they
 * can be read, else an estimate that says it is one. Nothing here changes what is trained.
 */
package org.lugha.models.energy;
