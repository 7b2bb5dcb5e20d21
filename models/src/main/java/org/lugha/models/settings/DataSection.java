package org.lugha.models.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.Loss;
import org.lugha.models.data.Tags;
import org.lugha.models.data.TextRules;
import org.lugha.models.settings.RunConfig.Data;
import org.lugha.models.tokenizer.Normalization;

/** The {@code data} of a RUN.yaml: files, what counts, how they are mixed. */
final class DataSection {
    private static final List<String> FORMATS =
            List.of("text", "completion", "chat", "translation", "segments", "ids");

    private static final List<String> LOSSES = List.of("all", "completion", "assistant");

    private final Section data;

    DataSection(Section root) {
        data =
                root.section(
                        "data",
                        "train",
                        "eval",
                        "loss",
                        "sampling_temperature",
                        "packing",
                        "max_length",
                        "long_text",
                        "normalization",
                        "control",
                        "tags",
                        "chat_template",
                        "shuffle");
    }

    Data read() {
        List<DataFile> train = files("train");
        if (train.isEmpty()) {
            throw new RequestException(
                    data.source()
                            + ": data.train is missing; it needs at least one file, for example"
                            + " train: [{path: data.jsonl, format: text}]");
        }
        String loss = data.choice("loss", "completion", LOSSES);
        return new Data(
                train,
                files("eval"),
                loss,
                data.number("sampling_temperature", 3.33, 0.01, 1e9),
                data.flag("packing", false),
                data.integer("max_length", 256, 2),
                data.flag("shuffle", true),
                rules(),
                Optional.ofNullable(data.string("chat_template", null)));
    }

    private TextRules rules() {
        String form = data.choice("normalization", "none", List.of("none", "nfc", "nfkc"));
        String control = data.choice("control", "refuse", List.of("refuse", "remove"));
        String longText = data.choice("long_text", "split", List.of("split", "cut"));
        return new TextRules(
                Normalization.valueOf(form.toUpperCase(Locale.ROOT)),
                control.equals("remove"),
                longText.equals("split"),
                tags());
    }

    private Tags tags() {
        if (!data.has("tags")) {
            return Tags.NONE;
        }
        Section tags = data.section("tags", "tasks", "answers");
        List<String> tasks = tags.strings("tasks", List.of());
        List<String> answers = tags.strings("answers", List.of());
        if (tasks.isEmpty() || answers.isEmpty()) {
            throw data.wrong(
                    "tags",
                    "the tags that open and close prompts, as {tasks: [translate], answers: [yor]}",
                    data.raw("tags").toString());
        }
        return new Tags(tasks, answers);
    }

    private List<DataFile> files(String key) {
        return data.list(
                key,
                this::file,
                "path",
                "language",
                "format",
                "licence",
                "consent",
                "weight",
                "from_step",
                "until_step",
                "loss",
                "task",
                "answer");
    }

    private DataFile file(Section f) {
        Path path = f.requiredFile("path", "data.jsonl");
        String format = f.choice("format", "text", FORMATS);
        int from = f.integer("from_step", 1, 1);
        int until = f.integer("until_step", Integer.MAX_VALUE, 1);
        if (until < from) {
            throw f.wrong("until_step", "at least from_step, which is " + from, "" + until);
        }
        Optional<Loss> loss =
                f.has("loss")
                        ? Optional.of(Loss.of(f.choice("loss", "", LOSSES)))
                        : Optional.empty();
        String task = f.string("task", "");
        String answer = f.string("answer", "");
        requireTask(f, format, loss, task, answer);
        return new DataFile(
                path,
                f.string("language", ""),
                format,
                f.string("licence", ""),
                f.string("consent", ""),
                f.number("weight", 1, 1e-9, 1e9),
                from,
                until,
                loss,
                task,
                answer);
    }

    private static void requireTask(
            Section f, String format, Optional<Loss> loss, String task, String answer) {
        boolean completion = format.equals("completion");
        if (!task.isEmpty() && !completion && !format.equals("translation")) {
            throw f.wrong(
                    "task",
                    "absent with format: " + format + ", it is for completion and translation",
                    task);
        }
        if (task.isEmpty() && !answer.isEmpty()) {
            throw f.wrong("answer", "absent without task, which opens what it closes", answer);
        }
        if (completion && !task.isEmpty() && answer.isEmpty()) {
            throw f.wrong("answer", "the tag that closes the prompt, such as answer", "nothing");
        }
        if (!task.isEmpty() && loss.equals(Optional.of(Loss.ALL))) {
            throw f.wrong("loss", "completion with task, whose prompts never count", "all");
        }
    }
}
