package org.lugha.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lugha model}: models as files. */
@Command(
        name = "model",
        description = "Describes a model, makes one of random weights, or holds one in few bits.",
        mixinStandardHelpOptions = true,
        subcommands = {ModelInfo.class, ModelInit.class, ModelQuantize.class},
        footer = {
            "",
            "Examples:",
            "  lugha model info --model base",
            "  lugha model init --config tiny.json --output base",
            "  lugha model quantize --model base --output base-nf4"
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
