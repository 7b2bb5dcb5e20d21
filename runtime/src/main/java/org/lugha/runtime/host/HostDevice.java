package org.lugha.runtime.host;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.lugha.runtime.Device;
import org.lugha.runtime.Limits;
import org.lugha.runtime.plan.IdleKernels;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Memory;

/** A device whose memory is the JVM's: a pool and kernels. Two of them are never the same. */
public final class HostDevice implements Device {
    private final String name;
    private final String description;
    private final Memory memory;
    private final Kernels kernels;
    private final Kernels idleKernels;
    private final Supplier<Optional<Limits>> measurement;
    private Optional<Limits> limits = Optional.empty();
    private boolean isMeasured;

    public HostDevice(String name, String description, Memory memory, Kernels kernels) {
        this(name, description, memory, kernels, IdleKernels.all(), Optional::empty);
    }

    /** With kernels for plans, and a measurement of its limits, made when somebody asks. */
    public HostDevice(
            String name,
            String description,
            Memory memory,
            Kernels kernels,
            Kernels idleKernels,
            Supplier<Optional<Limits>> measurement) {
        this.name = name;
        this.description = description;
        this.memory = memory;
        this.kernels = kernels;
        this.idleKernels = idleKernels;
        this.measurement = measurement;
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
    public Kernels idleKernels() {
        return idleKernels;
    }

    @Override
    public synchronized Optional<Limits> limits() {
        if (!isMeasured) {
            limits = measurement.get();
            isMeasured = true;
        }
        return limits;
    }

    @Override
    public OptionalLong available() {
        return OptionalLong.of(HostMemory.available(memory));
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
