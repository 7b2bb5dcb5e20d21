package org.lugha.runtime.host;

import org.lugha.runtime.Device;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Memory;

/** A device whose memory is the JVM's: a pool and kernels. Two of them are never the same. */
public final class HostDevice implements Device {
    private final String name;
    private final String description;
    private final Memory memory;
    private final Kernels kernels;

    public HostDevice(String name, String description, Memory memory, Kernels kernels) {
        this.name = name;
        this.description = description;
        this.memory = memory;
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public boolean isHost() {
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
