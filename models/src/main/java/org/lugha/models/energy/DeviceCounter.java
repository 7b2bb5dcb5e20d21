package org.lugha.models.energy;

import java.util.function.LongSupplier;

/**
 * The counter of a device beside the processor, such as NVML's total energy of a GPU: any running
 * count of millijoules.
 */
public final class DeviceCounter implements EnergySource {
    private final String name;
    private final LongSupplier millijoules;
    private final long start;

    /**
     * Counts from now on.
     *
     * @param name of the counter and its device, such as {@code nvml cuda:0}
     * @param millijoules since some moment before; must not fall
     */
    public DeviceCounter(String name, LongSupplier millijoules) {
        this.name = name;
        this.millijoules = millijoules;
        this.start = millijoules.getAsLong();
    }

    @Override
    public double joules() {
        return Math.max(0, millijoules.getAsLong() - start) * 1e-3;
    }

    @Override
    public boolean measured() {
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String explanation() {
        return "measured by the counter of " + name + ", the whole board";
    }
}
