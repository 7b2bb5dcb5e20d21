package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.Sampler;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.train.Example;
import org.lugha.models.train.ExampleFile;
import org.lugha.tools.Progress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha generate --model DIR --prompt TEXT}. */
@Command(
        name = "generate",
        description = "Continues a prompt, or every prompt of a file.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha generate --model base --prompt 'eng: I see a tree.'"})
public final class Generate implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ModelOptions model;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** A prompt or a file of them. */
    static final class Source {
        @Option(names = "--prompt", paramLabel = "TEXT", description = "One prompt.")
        private String prompt;

        @ArgGroup(exclusive = false)
        private Files files;
    }

    /** Many prompts. */
    static final class Files {
        @Option(
                names = "--input",
                required = true,
                paramLabel = "FILE.jsonl",
                description = "Lines with prompt or input_ids.")
        private Path input;

        @Option(
                names = "--output",
                required = true,
                paramLabel = "FILE.jsonl",
                description = "Lines with text and token_ids.")
        private Path output;
    }

    @Option(
            names = "--max-new-tokens",
            defaultValue = "128",
            paramLabel = "N",
            description = "At most (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens;

    @Option(
            names = "--temperature",
            defaultValue = "0",
            paramLabel = "T",
            description = "0 is greedy (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            defaultValue = "0",
            paramLabel = "K",
            description = "Draw from the K likeliest; 0 is all.")
    private int topK;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            paramLabel = "P",
            description = "Draw from the likeliest that make up P (default: ${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "S",
            description = "Of the draws (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() {
        requireRange("--max-new-tokens", maxNewTokens, 1, Integer.MAX_VALUE);
        requireRange("--temperature", temperature, 0, 1000);
        requireRange("--top-k", topK, 0, Integer.MAX_VALUE);
        requireRange("--top-p", topP, 1e-9, 1);
        if (source.files != null) {
            Writable.requireFile(source.files.output);
        }
        try (CausalLM lm = model.open()) {
            Optional<Tokenizer> tokenizer = model.tokenizer();
            if (source.prompt != null) {
                int[] prompt =
                        tokenizer.orElseThrow(Generate::noTokenizer).encode(source.prompt).ids();
                int[] made = continued(lm, prompt, tokenizer, 0);
                spec.commandLine().getOut().println(tokenizer.get().decode(made, true));
            } else {
                Staged.write(source.files.output, lines(lm, tokenizer));
            }
        }
        return 0;
    }

    private String lines(CausalLM lm, Optional<Tokenizer> tokenizer) {
        List<int[]> prompts = new ArrayList<>();
        for (ExampleFile.Line line : ExampleFile.some(source.files.input)) {
            int[] ids = ids(tokenizer, line);
            line.requireIds(new Example(ids, ids, ""), lm.vocabularySize());
            if (ids.length == 0) {
                throw line.wrong("the prompt is empty; it needs at least one token");
            }
            prompts.add(ids);
        }
        StringBuilder lines = new StringBuilder();
        try (Progress progress = new Progress("generate", prompts.size())) {
            for (int i = 0; i < prompts.size(); i++) {
                int[] made = continued(lm, prompts.get(i), tokenizer, i);
                lines.append(json(tokenizer, made)).append('\n');
                progress.at(i + 1, "");
            }
        }
        return lines.toString();
    }

    /** Each line has draws of its own; a line's do not depend on the others. */
    private int[] continued(CausalLM lm, int[] prompt, Optional<Tokenizer> tokenizer, int line) {
        int eos = ModelOptions.endId(tokenizer, lm);
        List<Integer> ends = new ArrayList<>(lm.endIds());
        if (eos >= 0 && !ends.contains(eos)) {
            ends.add(eos);
        }
        return lm.generate(
                prompt, maxNewTokens, Sampler.of(temperature, topK, topP, seed + line), ends);
    }

    private static int[] ids(Optional<Tokenizer> tokenizer, ExampleFile.Line line) {
        if (line.value().has("input_ids")) {
            return line.integers("input_ids");
        }
        if (line.value().has("messages")) {
            throw line.wrong("\"messages\" is not supported in this version; use prompt");
        }
        if (!line.value().has("prompt")) {
            throw line.wrong("needs prompt as text or input_ids as a list");
        }
        String prompt = line.text("prompt");
        return tokenizer.orElseThrow(Generate::noTokenizer).encode(prompt).ids();
    }

    private static RequestException noTokenizer() {
        return new RequestException(
                "the model's folder has no tokenizer.json; give a file with input_ids as --input");
    }

    private static String json(Optional<Tokenizer> tokenizer, int[] made) {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        tokenizer.ifPresent(t -> o.put("text", t.decode(made, true)));
        var ids = o.putArray("token_ids");
        for (int id : made) {
            ids.add(id);
        }
        return JsonMapper.shared().writeValueAsString(o);
    }

    static void requireRange(String option, Number value, double from, double to) {
        if (!(value.doubleValue() >= from && value.doubleValue() <= to)) {
            throw new RequestException(
                    String.format(
                            Locale.ROOT,
                            "%s must be from %.10g to %.10g, got %s",
                            option,
                            from,
                            to,
                            value));
        }
    }
}
