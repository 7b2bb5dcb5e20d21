package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lugha.models.CausalLM;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.chat.ChatTemplate;
import org.lugha.models.chat.ChatTemplateFiles;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.data.Loss;
import org.lugha.models.data.TextRules;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.runtime.DType;
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

    @Option(
            names = "--precision",
            defaultValue = "auto",
            description =
                    "What weights are held in: f32, bf16, or auto, which is as they are stored"
                            + " (default: ${DEFAULT-VALUE}).")
    private String precision;

    /** The model with its adapter, to be closed by the caller. */
    CausalLM open() {
        CausalLM lm = base();
        try {
            attach(lm);
            return lm;
        } catch (RuntimeException e) {
            lm.close();
            throw e;
        }
    }

    /** The model without its adapter, to be closed by the caller. */
    CausalLM base() {
        var on = device.equals("auto") ? Devices.best() : Devices.get(device);
        return CausalLM.load(model, on, held());
    }

    boolean hasAdapter() {
        return adapter != null;
    }

    /** Its adapter, where there is one. */
    Optional<Attached> attach(CausalLM lm) {
        return adapter == null ? Optional.empty() : Optional.of(PeftFiles.loadInto(lm, adapter));
    }

    private DType held() {
        return switch (precision) {
            case "auto" -> ModelFiles.heldType(model);
            case "f32" -> DType.F32;
            case "bf16" -> DType.BF16;
            default ->
                    throw new RequestException(
                            "--precision must be auto, f32 or bf16, got '" + precision + "'");
        };
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

    /** What makes examples of lines, with completions counted. */
    LineEncoder lines(CausalLM lm) {
        return new LineEncoder(
                encoder(tokenizer(), lm), Loss.COMPLETION, chatTemplate(), TextRules.standard());
    }

    Encoder encoder(Optional<Tokenizer> tokenizer, CausalLM lm) {
        return new Encoder(tokenizer.orElse(null), endId(tokenizer, lm), false);
    }
}
