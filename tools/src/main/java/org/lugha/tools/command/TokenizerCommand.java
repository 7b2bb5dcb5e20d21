package org.lugha.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lugha tokenizer}: vocabularies, and text as ids. */
@Command(
        name = "tokenizer",
        description = "Trains tokenizers and uses them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TokenizerTrain.class,
            TokenizerEncode.class,
            TokenizerDecode.class,
            TokenizerExtend.class,
            TokenizerInfo.class
        },
        footer = {
            "",
            "Example:",
            "  lugha tokenizer train --input corpus.txt --model bpe --vocab-size 8000 --output tok"
        })
public final class TokenizerCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "tokenizer what? One of "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
