package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.evaluate.EvaluationOptions;
import org.lugha.models.settings.Nearest;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What a model is evaluated on. */
final class ModelData {
    private static final List<String> FORMATS =
            List.of("text", "completion", "chat", "translation", "segments", "ids");
    private static final List<String> USUAL = List.of("loss", "perplexity", "bits_per_byte");

    @Option(
            names = "--data",
            split = ",",
            arity = "1..*",
            paramLabel = "[LANG=]FILE",
            description = "Of a model: .jsonl, .tsv or .txt files to measure it on.")
    private List<String> data = List.of();

    @Option(
            names = "--forgetting",
            split = ",",
            arity = "1..*",
            paramLabel = "[LANG=]FILE",
            description =
                    "Data of the base's languages: the same figures with and without the adapter.")
    private List<String> forgetting = List.of();

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "Of --data: text, completion, chat, translation, segments or ids (default: told"
                            + " by the first line's keys).")
    private String format;

    @Option(
            names = "--language",
            paramLabel = "L",
            description = "Of --data without LANG= (default: tgt_lang of translations).")
    private String language;

    @Option(
            names = "--before",
            paramLabel = "base|REPORT.json",
            description =
                    "Compare with the model without its adapter, or with what --output wrote.")
    private String before;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Lines of each file that are answered (default: all).")
    private Integer limit;

    @Option(
            names = "--max-new-tokens",
            defaultValue = "128",
            paramLabel = "N",
            description = "Of an answer (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens;

    @Option(
            names = "--max-length",
            defaultValue = "1024",
            paramLabel = "N",
            description = "Tokens of a line, or the model's most (default: ${DEFAULT-VALUE}).")
    private int maxLength;

    @Option(
            names = "--batch",
            defaultValue = "16",
            paramLabel = "N",
            description = "Lines at once (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--samples",
            paramLabel = "FILE.jsonl",
            description = "Also write prompts, references and answers.")
    private Path samples;

    /** Refuses what is out of range. */
    void check(boolean adapter) {
        Generate.requireRange("--limit", limit == null ? 1 : limit, 1, Integer.MAX_VALUE);
        Generate.requireRange("--max-new-tokens", maxNewTokens, 1, 1 << 20);
        Generate.requireRange("--max-length", maxLength, 2, 1 << 24);
        Generate.requireRange("--batch", batch, 1, 4096);
        if (data.isEmpty() && forgetting.isEmpty()) {
            throw new RequestException("--model needs --data FILE, lines to measure the model on");
        }
        if (!forgetting.isEmpty() && !adapter && (before == null || isBase())) {
            throw new RequestException(
                    "--forgetting compares; give --adapter DIR, or --before REPORT.json of the"
                            + " model as it was");
        }
        if (isBase() && !adapter) {
            throw new RequestException("--before base needs --adapter DIR to leave out");
        }
    }

    /** What nothing but a model asks for. */
    boolean isGiven() {
        return !data.isEmpty() || !forgetting.isEmpty() || before != null || samples != null;
    }

    boolean isBase() {
        return "base".equals(before);
    }

    /** An earlier report, or null. */
    Path report() {
        return before == null || isBase() ? null : Path.of(before);
    }

    /** Whether the model is measured without its adapter too. */
    boolean comparesWithBase() {
        return isBase() || !forgetting.isEmpty() && before == null;
    }

    Path samples() {
        return samples;
    }

    int maxLength() {
        return maxLength;
    }

    EvaluationOptions options(String metrics) {
        List<String> names =
                metrics == null ? USUAL : MetricOptions.names(metrics, EvaluationOptions.METRICS);
        return EvaluationOptions.of(names)
                .withLimit(limit == null ? Integer.MAX_VALUE : limit)
                .withMaxNewTokens(maxNewTokens)
                .withRows(batch);
    }

    List<DataFile> data() {
        if (format != null && !FORMATS.contains(format)) {
            throw new RequestException(
                    "--format: there is no '"
                            + format
                            + "'; did you mean "
                            + Nearest.of(format, FORMATS)
                            + "? There are "
                            + String.join(", ", FORMATS));
        }
        return files(data, language == null ? "" : language, format);
    }

    List<DataFile> forgetting() {
        return files(forgetting, "", null);
    }

    private static List<DataFile> files(List<String> named, String language, String format) {
        List<DataFile> files = new ArrayList<>();
        for (String one : named) {
            int sign = Files.exists(Path.of(one)) ? -1 : one.indexOf('=');
            Path path = Path.of(one.substring(sign + 1));
            String own = sign <= 0 ? language : one.substring(0, sign);
            files.add(new DataFile(path, own, format == null ? guessed(path) : format, ""));
        }
        return files;
    }

    /** The format that has the keys of the first line. */
    private static String guessed(Path path) {
        try (ExampleFile lines = new ExampleFile(path)) {
            if (!lines.hasNext()) {
                throw new RequestException(path + ": is empty; it needs at least one example");
            }
            ExampleFile.Line line = lines.next();
            JsonNode v = line.value();
            if (v.has("src") && v.has("tgt")) {
                return "translation";
            }
            if (v.has("prompt") && v.has("completion")) {
                return "completion";
            }
            if (v.has("messages")) {
                return "chat";
            }
            for (String key : List.of("segments", "text")) {
                if (v.has(key)) {
                    return key;
                }
            }
            if (v.has("input_ids")) {
                return "ids";
            }
            throw line.wrong(
                    "needs text, prompt and completion, messages, src and tgt, segments, or"
                            + " input_ids");
        }
    }
}
