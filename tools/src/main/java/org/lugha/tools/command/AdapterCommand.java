package org.lugha.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lugha adapter}: adapters as files. */
@Command(
        name = "adapter",
        description = "Describes an adapter, merges it, or cuts it to a lower rank.",
        mixinStandardHelpOptions = true,
        subcommands = {AdapterInfo.class, AdapterMerge.class, AdapterRanks.class},
        footer = {
            "",
            "Examples:",
            "  lugha adapter info --adapter runs/yo/adapter --model base",
            "  lugha adapter merge --model base --adapter runs/yo/adapter --output merged",
            "  lugha adapter ranks --model base --adapter runs/yo/adapter --input dev.jsonl"
        })
public final class AdapterCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "adapter what? One of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
