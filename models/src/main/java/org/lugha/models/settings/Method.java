package org.lugha.models.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lugha.models.Quantization;
import org.lugha.models.peft.PeftConfig;

/** What a run trains: {@code method} of RUN.yaml, read by {@link MethodParser}. */
public sealed interface Method {
    /** Every weight but those that stay as they are. */
    record Full(Freezing freezing) implements Method {}

    /**
     * An adapter on a frozen base.
     *
     * @param config its settings; with {@code initAdapter} those of that folder where nothing is
     *     said
     * @param initAdapter a folder with the first values, which the run continues from
     * @param under folders of adapters that stay as they are and lie beneath, the first innermost
     * @param quantization of the base while it is loaded; empty: it is held as it lies
     */
    record Peft(
            PeftConfig config,
            Optional<Path> initAdapter,
            List<Path> under,
            Optional<Quantization> quantization)
            implements Method {
        public Peft {
            under = List.copyOf(under);
        }
    }
}
