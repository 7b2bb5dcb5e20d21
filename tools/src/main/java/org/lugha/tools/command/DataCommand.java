package org.lugha.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lugha data}: what lies in data files, before anything is trained on them. */
@Command(
        name = "data",
        description = "Looks at data files: what is wrong, what they hold, how they mix.",
        mixinStandardHelpOptions = true,
        subcommands = {DataCheck.class, DataStats.class, DataMix.class, DataPreview.class},
        footer = {"", "Example:", "  lugha data check --input train.jsonl dev.jsonl"})
public final class DataCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "data what? One of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
