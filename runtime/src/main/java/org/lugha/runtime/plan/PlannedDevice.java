package org.lugha.runtime.plan;

import org.lugha.runtime.Device;
import org.lugha.runtime.host.SlabPool;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Memory;

/**
 * Stands for another device: the same code takes the same blocks on it, at addresses where nothing
 * lies, and its kernels take what the other's do. Nothing is computed; every number read from it is
 * 0. One device plans one piece of work.
 */
public final class PlannedDevice implements Device {
    private final Device real;
    private final PlannedMemory memory = new PlannedMemory(SlabPool.SLAB);

    public PlannedDevice(Device real) {
        this.real = real;
    }

    /** What the work so far took. */
    public Plan plan() {
        return memory.plan();
    }

    @Override
    public String name() {
        return "plan of " + real.name();
    }

    @Override
    public String description() {
        return "allocates as " + real.name() + " does and computes nothing";
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public Kernels kernels() {
        return real.idleKernels();
    }

    @Override
    public boolean isHost() {
        return false;
    }

    @Override
    public boolean computes() {
        return false;
    }

    @Override
    public String toString() {
        return name();
    }
}
