package org.lugha.runtime;

import java.util.Optional;
import java.util.OptionalLong;
import org.lugha.runtime.plan.IdleKernels;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Memory;

/** Memory plus kernels. Which device computes is decided by the tensors, nowhere else. */
public interface Device {
    /** For example {@code cpu} or {@code cuda:0}; what {@link Devices#get} takes. */
    String name();

    /** One line in words: model, width, threads, memory. */
    String description();

    Memory memory();

    Kernels kernels();

    /**
     * Kernels that take of the memory what {@link #kernels} take for themselves, in the same order,
     * and compute nothing: for {@link org.lugha.runtime.plan}.
     */
    default Kernels idleKernels() {
        return IdleKernels.all();
    }

    /** Whether the JVM can read and write this device's memory directly. */
    boolean isHost();

    /**
     * Whether it holds numbers and computes. One that only keeps the books, for {@link
     * org.lugha.runtime.plan}, does not: what is read from it is 0.
     */
    default boolean computes() {
        return true;
    }

    /** What it can do at most, measured at the first call, which may take a second. */
    default Optional<Limits> limits() {
        return Optional.empty();
    }

    /** Bytes that it could hold beside what it holds now; empty where nobody can tell. */
    default OptionalLong available() {
        return OptionalLong.empty();
    }

    /** Waits for work under way; nothing to wait for on a host device. */
    default void synchronize() {}
}
