package org.lugha.tools.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lugha bench}: measured figures. */
@Command(
        name = "bench",
        description = "Measures this machine at work.",
        mixinStandardHelpOptions = true,
        subcommands = {BenchTrain.class, BenchQlora.class, BenchGenerate.class, BenchOpen.class},
        footer = {
            "",
            "Examples:",
            "  lugha bench gemm",
            "  lugha bench train --shape small --json"
        })
public final class Bench implements Runnable {
    @Spec private CommandSpec spec;

    /** Adds the commands that no annotation can list: one a kernel family. */
    public static void addKernels(CommandLine bench) {
        BenchKernel.addTo(bench);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "bench what? One of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
