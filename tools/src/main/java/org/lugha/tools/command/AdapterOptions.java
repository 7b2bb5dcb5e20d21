package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lugha.models.CausalLM;
import org.lugha.models.QuantizedModel;
import org.lugha.models.RequestException;
import org.lugha.models.data.Encoder;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.runtime.Devices;
import picocli.CommandLine.Option;

/** The options of commands that look at one adapter, with its model or without. */
final class AdapterOptions {
    @Option(names = "--model", paramLabel = "DIR", description = "The checkpoint it is for.")
    private Path model;

    @Option(
            names = "--adapter",
            required = true,
            paramLabel = "DIR",
            description = "An adapter's folder.")
    private Path adapter;

    Path adapter() {
        return adapter;
    }

    boolean hasModel() {
        return model != null;
    }

    /** The model without the adapter, to be closed by the caller. */
    CausalLM base() {
        if (model == null) {
            throw new RequestException(
                    "--model is missing: the checkpoint that the adapter is for");
        }
        return CausalLM.load(model, Devices.best(), QuantizedModel.restOf(model));
    }

    /** Losses of a file, with the adapter's tokenizer if it brings one, else the model's. */
    FileLoss loss(CausalLM lm, Path input) {
        return loss(lm, input, adapter, model);
    }

    /** With the tokenizer of the first folder that has one. */
    static FileLoss loss(CausalLM lm, Path input, Path... folders) {
        Optional<Tokenizer> tokenizer = Optional.empty();
        for (Path folder : folders) {
            if (tokenizer.isEmpty() && Files.exists(folder.resolve("tokenizer.json"))) {
                tokenizer = Optional.of(Tokenizer.load(folder));
            }
        }
        int end = ModelOptions.endId(tokenizer, lm);
        return new FileLoss(new Encoder(tokenizer.orElse(null), end, false), input);
    }
}
