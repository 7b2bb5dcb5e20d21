package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lugha.models.CausalLM;
import org.lugha.models.QuantizedModel;
import org.lugha.models.chat.ChatTemplate;
import org.lugha.models.chat.ChatTemplateFiles;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.train.Encoder;
import org.lugha.runtime.Devices;
import picocli.CommandLine.Option;

/** The options that name a model, shared by the commands that use one. */
final class ModelOptions {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "A checkpoint.")
    private Path model;

    @Option(names = "--adapter", paramLabel = "DIR", description = "A PEFT adapter on top of it.")
    private Path adapter;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, reference or cuda:0 (default: ${DEFAULT-VALUE}).")
    private String device;

    /** The model with its adapter, to be closed by the caller. */
    CausalLM open() {
        var on = device.equals("auto") ? Devices.best() : Devices.get(device);
        CausalLM lm = CausalLM.load(model, on, QuantizedModel.restOf(model));
        try {
            if (adapter != null) {
                PeftFiles.loadInto(lm, adapter);
            }
            return lm;
        } catch (RuntimeException e) {
            lm.close();
            throw e;
        }
    }

    /** The adapter's tokenizer if it brings one, else the model's; empty when there is none. */
    Optional<Tokenizer> tokenizer() {
        for (Path folder : adapter == null ? new Path[] {model} : new Path[] {adapter, model}) {
            if (Files.exists(folder.resolve("tokenizer.json"))) {
                return Optional.of(Tokenizer.load(folder));
            }
        }
        return Optional.empty();
    }

    /** The adapter's chat template if it brings one, else the model's. */
    Optional<ChatTemplate> chatTemplate() {
        return Optional.ofNullable(adapter)
                .flatMap(ChatTemplateFiles::find)
                .or(() -> ChatTemplateFiles.find(model));
    }

    /** The end token as training uses it: the tokenizer's, else the model's; -1 for none. */
    static int endId(Optional<Tokenizer> tokenizer, CausalLM lm) {
        int none = lm.config().endIds().isEmpty() ? -1 : lm.config().endIds().getFirst();
        return tokenizer.map(t -> t.eosId().orElse(none)).orElse(none);
    }

    Encoder encoder(Optional<Tokenizer> tokenizer, CausalLM lm) {
        return new Encoder(tokenizer.orElse(null), endId(tokenizer, lm), false);
    }
}
