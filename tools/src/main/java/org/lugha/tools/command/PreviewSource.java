package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.data.Loss;
import org.lugha.models.data.TextRules;
import org.lugha.models.settings.RunConfig;
import org.lugha.models.settings.RunFile;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.train.RunText;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What to preview: the data of a run, or files with options that say the same. */
final class PreviewSource {
    private static final List<String> FORMATS =
            List.of("text", "completion", "chat", "translation", "segments", "ids");

    /** A key that only lines of a format have. */
    private static final List<Map.Entry<String, String>> KEYS =
            List.of(
                    Map.entry("messages", "chat"),
                    Map.entry("prompt", "completion"),
                    Map.entry("tgt", "translation"),
                    Map.entry("segments", "segments"),
                    Map.entry("input_ids", "ids"));

    @Option(
            names = "--config",
            paramLabel = "RUN.yaml",
            description = "A run, whose files are read as it reads them.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "key.path=value",
            description = "Beats the file of --config; may be given several times.")
    private List<String> settings = List.of();

    @Option(
            names = "--input",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Data files: .jsonl, .tsv or .txt.")
    private List<Path> input = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "Of --input: text, completion, chat, translation, segments or ids; what its"
                            + " first line has is the default.")
    private String format;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "A folder with tokenizer.json or tokenizer.model, or such a file.")
    private Path tokenizer;

    @Option(
            names = "--loss",
            paramLabel = "RULE",
            description = "What counts: all, completion or assistant (completion).")
    private String loss;

    @Option(
            names = "--chat-template",
            paramLabel = "FILE",
            description = "A chat template, or chatml; the tokenizer's folder may have one.")
    private String chatTemplate;

    @Option(names = "--task", description = "Name of the tag that opens prompts.")
    private String task = "";

    @Option(names = "--answer", description = "Name of the tag that closes them.")
    private String answer = "";

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "Cut or split examples as training does; a run says it itself.")
    private Integer maxLength;

    /** What is read, and how. */
    record Plan(
            List<DataFile> files,
            LineEncoder encoder,
            Optional<Tokenizer> tokenizer,
            int maxLength) {}

    Plan plan() {
        if ((config == null) == input.isEmpty()) {
            throw new RequestException(
                    "data preview: needs --config RUN.yaml or --input FILE, one of them");
        }
        if (maxLength != null) {
            Generate.requireRange("--max-length", maxLength, 2, Integer.MAX_VALUE);
        }
        return config != null ? ofRun() : ofFiles();
    }

    private Plan ofRun() {
        if (format != null || loss != null || chatTemplate != null || !task.isEmpty()) {
            throw new RequestException(
                    "data preview: --format, --loss, --task and --chat-template go with --input;"
                            + " a run says them itself: use --set");
        }
        RunConfig run = RunFile.read(config, settings);
        Optional<Path> path = tokenizer == null ? run.tokenizer() : Optional.of(tokenizer);
        List<DataFile> files = new ArrayList<>(run.data().train());
        files.addAll(run.data().eval());
        boolean ids = files.stream().allMatch(f -> f.format().equals("ids"));
        Optional<Tokenizer> text = path.filter(p -> !ids || Files.exists(p)).map(Tokenizer::load);
        LineEncoder encoder = RunText.encoder(run, text, end(run, text));
        int most = maxLength == null ? run.data().maxLength() : maxLength;
        return new Plan(files, encoder, text, most);
    }

    /** The end token as the run finds it: the tokenizer's, else the model's. */
    private static int end(RunConfig run, Optional<Tokenizer> text) {
        if (text.isPresent() && text.get().eosId().isPresent()) {
            return text.get().eosId().getAsInt();
        }
        Path json =
                run.modelConfig().or(() -> run.model().map(m -> m.resolve("config.json"))).get();
        try (CausalLM model = CausalLM.declare(ConfigJson.read(json))) {
            return model.config().endIds().isEmpty() ? -1 : model.config().endIds().getFirst();
        }
    }

    private Plan ofFiles() {
        String kind = format == null ? guess(input.getFirst()) : format;
        if (!FORMATS.contains(kind)) {
            throw new RequestException(
                    "--format must be one of " + String.join(", ", FORMATS) + ", got " + kind);
        }
        boolean ids = kind.equals("ids");
        if (tokenizer == null && !ids) {
            throw new RequestException("data preview: --input needs --tokenizer DIR");
        }
        if (!task.isEmpty() && !kind.equals("translation") && !kind.equals("completion")
                || task.isEmpty() && !answer.isEmpty()
                || !task.isEmpty() && kind.equals("completion") && answer.isEmpty()) {
            throw new RequestException(
                    "--task goes with --format translation, or with completion and --answer TAG;"
                            + " got --format "
                            + kind);
        }
        Optional<Tokenizer> text = Optional.ofNullable(tokenizer).map(Tokenizer::load);
        Encoder encoder =
                new Encoder(
                        text.orElse(null),
                        text.isPresent() ? text.get().eosId().orElse(-1) : -1,
                        rule() == Loss.ALL);
        var template =
                text.flatMap(
                        t -> RunText.template(Optional.ofNullable(chatTemplate), tokenizer, t));
        return new Plan(
                input.stream().map(p -> file(p, kind)).toList(),
                new LineEncoder(encoder, rule(), template, TextRules.standard()),
                text,
                maxLength == null ? Integer.MAX_VALUE : maxLength);
    }

    /** By the keys of the first line. */
    private static String guess(Path file) {
        try (ExampleFile lines = new ExampleFile(file)) {
            JsonNode line = lines.hasNext() ? lines.next().value() : null;
            return KEYS.stream()
                    .filter(k -> line != null && line.has(k.getKey()))
                    .findFirst()
                    .map(Map.Entry::getValue)
                    .orElse("text");
        }
    }

    private Loss rule() {
        List<String> rules = List.of("all", "completion", "assistant");
        String name = loss == null ? "completion" : loss;
        if (!rules.contains(name)) {
            throw new RequestException(
                    "--loss must be one of " + String.join(", ", rules) + ", got " + name);
        }
        return Loss.of(name.toLowerCase(Locale.ROOT));
    }

    private DataFile file(Path path, String kind) {
        return new DataFile(
                path, "", kind, "", "", 1, 1, Integer.MAX_VALUE, Optional.empty(), task, answer);
    }
}
