package org.lugha.tools.command;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.chat.ChatTemplate;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleFile;
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
                description = "Lines with prompt, messages or input_ids.")
        private Path input;

        @Option(
                names = "--output",
                required = true,
                paramLabel = "FILE.jsonl",
                description = "Lines with text and token_ids.")
        private Path output;
    }

    @Mixin private DecodingOptions decoding;

    @Option(
            names = "--batch",
            defaultValue = "8",
            paramLabel = "N",
            description = "Lines of --input at once (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--stream",
            description = "Print the text of --prompt as it is made; usual on a terminal.")
    private boolean stream;

    @Override
    public Integer call() {
        decoding.check();
        requireRange("--batch", batch, 1, 4096);
        if (source.files != null) {
            Writable.requireFile(source.files.output);
        }
        try (CausalLM lm = model.open()) {
            Continuations made = new Continuations(lm, model.tokenizer(), decoding);
            if (source.prompt != null) {
                print(made);
            } else {
                Staged.write(source.files.output, lines(lm, made));
            }
        }
        return 0;
    }

    private void print(Continuations made) {
        PrintWriter out = spec.commandLine().getOut();
        int[] prompt =
                made.tokenizer().orElseThrow(Generate::noTokenizer).encode(source.prompt).ids();
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        Consumer<String> sink =
                piece -> {
                    out.print(piece);
                    out.flush();
                };
        if (stream || terminal) {
            made.after(prompt, 0, sink);
            out.println();
        } else {
            out.println(made.text(made.after(prompt, 0, Continuations.SILENT)));
        }
    }

    private String lines(CausalLM lm, Continuations made) {
        List<ExampleFile.Line> input = ExampleFile.some(source.files.input);
        boolean chats = input.stream().anyMatch(l -> l.value().has("messages"));
        var template = chats ? model.chatTemplate() : Optional.<ChatTemplate>empty();
        PromptLines reader = new PromptLines(made.tokenizer(), template);
        List<int[]> prompts = new ArrayList<>();
        for (ExampleFile.Line line : input) {
            int[] ids = reader.ids(line);
            line.requireIds(new Example(ids, ids, ""), lm.vocabularySize());
            if (ids.length == 0) {
                throw line.wrong("the prompt is empty; it needs at least one token");
            }
            prompts.add(ids);
        }
        StringBuilder lines = new StringBuilder();
        for (int[] answer : answers(made, prompts)) {
            lines.append(json(made, answer)).append('\n');
        }
        return lines.toString();
    }

    /** In the order of the prompts; those of like length share a batch, which then pads little. */
    private int[][] answers(Continuations made, List<int[]> prompts) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingInt(i -> prompts.get(i).length));
        int[][] all = new int[prompts.size()][];
        int rows = decoding.beams() > 1 ? 1 : batch;
        try (Progress progress = new Progress("generate", prompts.size())) {
            for (int i = 0; i < all.length; i += rows) {
                List<Integer> some = order.subList(i, Math.min(all.length, i + rows));
                if (rows == 1) {
                    int line = some.getFirst();
                    all[line] = made.after(prompts.get(line), line, Continuations.SILENT);
                } else {
                    var answers = made.after(some.stream().map(prompts::get).toList(), some);
                    for (int b = 0; b < answers.size(); b++) {
                        all[some.get(b)] = answers.get(b);
                    }
                }
                progress.at(i + some.size(), "");
            }
        }
        return all;
    }

    static RequestException noTokenizer() {
        return new RequestException(
                "the model's folder has no tokenizer.json; give a file with input_ids as --input");
    }

    private static String json(Continuations all, int[] made) {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        if (all.tokenizer().isPresent()) {
            o.put("text", all.text(made));
        }
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
