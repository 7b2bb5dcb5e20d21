package org.lugha.runtime.cpu;

import java.util.Optional;

/** Whether the JVM was started with the Vector API. Must not touch that API itself. */
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /** Empty when it is there, else one line that names the flag to add. */
    static Optional<String> missing() {
        return ModuleLayer.boot().findModule(NAME).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the Vector API is not loaded; start java with --add-modules=" + NAME);
    }
}
