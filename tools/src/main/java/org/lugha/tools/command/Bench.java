package org.lugha.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lugha bench}: measured figures. */
@Command(
        name = "bench",
        description = "Measures this machine at work.",
        mixinStandardHelpOptions = true,
        subcommands = {BenchTrain.class},
        footer = {"", "Example:", "  lugha bench train --shape small --json"})
public final class Bench implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench what? This version knows train");
    }
}
