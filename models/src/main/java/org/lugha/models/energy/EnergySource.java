package org.lugha.models.energy;

/** Something that knows how many joules went by since it was opened. */
public sealed interface EnergySource permits RaplCounter, DeviceCounter, WattsEstimate {
    /** Joules since it was opened; never falls. */
    double joules();

    /** Whether joules come from a counter. */
    boolean measured();

    /** One or two words for run.json. */
    String name();

    /** What is counted and what not, or what is assumed; no full stop. */
    String explanation();
}
