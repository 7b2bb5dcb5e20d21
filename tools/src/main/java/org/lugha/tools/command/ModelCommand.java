package org.lugha.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lugha model}: models as files. */
@Command(
        name = "model",
        description = "Describes a model, or makes one of random weights.",
        mixinStandardHelpOptions = true,
        subcommands = {ModelInfo.class, ModelInit.class},
        footer = {
            "",
            "Examples:",
            "  lugha model info --model base",
            "  lugha model init --config tiny.json --output base"
        })
public final class ModelCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "model what? One of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
