package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.settings.Precision;
import org.lugha.runtime.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lugha model init --config FILE --output DIR}. */
@Command(
        name = "init",
        description = "Writes a checkpoint of random weights.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha model init --config tiny.json --output base --seed 1"})
public final class ModelInit implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "A config.json, or the folder of one.")
    private Path config;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A folder that is not there yet.")
    private Path output;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "S",
            description = "Of the weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--precision",
            defaultValue = "f32",
            description = "f32 or bf16, as the file holds them (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Override
    public Integer call() {
        if (Files.exists(output)) {
            throw new RequestException(
                    "model init: " + output + " is there already; choose another name");
        }
        Writable.requireFolder(output);
        try (CausalLM model = CausalLM.declare(config)) {
            model.initialize(Devices.get("cpu"), precision.weights(), seed);
            model.save(output);
        }
        return 0;
    }
}
