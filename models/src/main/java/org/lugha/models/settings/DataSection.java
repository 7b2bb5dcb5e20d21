package org.lugha.models.settings;

import java.nio.file.Path;
import java.util.List;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.settings.RunConfig.Data;

/** The {@code data} of a RUN.yaml: files, what counts, how they are mixed. */
final class DataSection {
    private static final List<String> FORMATS =
            List.of("text", "completion", "chat", "translation", "ids");

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
        String loss = data.choice("loss", "completion", List.of("all", "completion", "assistant"));
        data.refuse("loss", loss.equals("assistant"), "use loss: completion");
        data.refuse("packing", data.flag("packing", false), "use packing: false");
        return new Data(
                train,
                files("eval"),
                loss,
                data.number("sampling_temperature", 3.33, 0.01, 1e9),
                data.flag("packing", false),
                data.integer("max_length", 256, 2),
                data.flag("shuffle", true));
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
                "until_step");
    }

    private DataFile file(Section f) {
        Path path = f.requiredFile("path", "data.jsonl");
        String format = f.choice("format", "text", FORMATS);
        f.refuse("format", format.equals("chat"), "use text, completion, translation or ids");
        int from = f.integer("from_step", 1, 1);
        int until = f.integer("until_step", Integer.MAX_VALUE, 1);
        if (until < from) {
            throw f.wrong("until_step", "at least from_step, which is " + from, "" + until);
        }
        return new DataFile(
                path,
                f.string("language", ""),
                format,
                f.string("licence", ""),
                f.string("consent", ""),
                f.number("weight", 1, 1e-9, 1e9),
                from,
                until);
    }
}
