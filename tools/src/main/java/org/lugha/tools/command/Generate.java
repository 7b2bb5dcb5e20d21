package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.Sampler;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.tokenizer.Tokenizer;
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
        try (CausalLM lm = model.open()) {
            Optional<Tokenizer> tokenizer = model.tokenizer();
            if (source.prompt != null) {
                int[] made = continued(lm, ids(tokenizer, source.prompt), tokenizer, 0);
                spec.commandLine().getOut().println(tokenizer.orElseThrow().decode(made, true));
                return 0;
            }
            StringBuilder lines = new StringBuilder();
            List<ExampleFile.Line> all = new ArrayList<>(ExampleFile.all(source.files.input));
            try (Progress progress = new Progress("generate", all.size())) {
                for (int i = 0; i < all.size(); i++) {
                    int[] made = continued(lm, ids(tokenizer, all.get(i)), tokenizer, i);
                    lines.append(json(tokenizer, made)).append('\n');
                    progress.at(i + 1, "prompts");
                }
            }
            Staged.write(source.files.output, lines.toString());
        }
        return 0;
    }

    private int[] continued(CausalLM lm, int[] prompt, Optional<Tokenizer> tokenizer, int line) {
        int eos = ModelOptions.endId(tokenizer, lm);
        List<Integer> ends = new ArrayList<>(lm.config().endIds());
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
        return ids(tokenizer, line.text("prompt"));
    }

    private static int[] ids(Optional<Tokenizer> tokenizer, String prompt) {
        return tokenizer
                .orElseThrow(() ->
                        new RequestException(
                                "the model's folder has no tokenizer.json; give a file with"
                                        + " input_ids as --input"))
                .encode(prompt)
                .ids();
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

    private static void requireRange(String option, double value, double from, double to) {
        if (!(value >= from && value <= to)) {
            throw new RequestException(
                    option + " must be from " + from + " to " + to + ", got " + value);
        }
    }
}
