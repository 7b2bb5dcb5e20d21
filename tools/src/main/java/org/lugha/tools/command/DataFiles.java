package org.lugha.tools.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.settings.RunConfig;
import org.lugha.models.settings.RunFile;
import org.lugha.models.tokenizer.Tokenizer;
import picocli.CommandLine.Option;

/** Which data files a command looks at: those that are named, or those of a RUN.yaml. */
final class DataFiles {
    static final List<String> FORMATS =
            List.of("text", "completion", "chat", "translation", "segments", "ids");

    @Option(
            names = "--input",
            arity = "1..*",
            paramLabel = "[LANG=]FILE",
            description =
                    "Data files, .jsonl, .txt or .tsv. LANG is the language of a file whose lines"
                            + " do not say it.")
    private List<String> input = List.of();

    @Option(
            names = "--config",
            paramLabel = "RUN.yaml",
            description = "All files of a run, with their formats, languages and tokenizer.")
    private Path config;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "text, completion, chat, translation, segments or ids; what the first line has"
                            + " is the default.")
    private String format = "";

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "A folder with tokenizer.json or tokenizer.model, or such a file.")
    private Path tokenizer;

    private RunConfig run;

    /** Files that are trained on, or simply looked at. */
    List<DataFile> train(String command) {
        if (input.isEmpty() == (config == null)) {
            throw new RequestException(
                    command + ": needs --input FILE... or --config RUN.yaml, one of them");
        }
        if (!format.isEmpty() && !FORMATS.contains(format)) {
            throw new RequestException(
                    "--format must be one of " + String.join(", ", FORMATS) + ", got " + format);
        }
        return config == null ? named(input) : run().data().train();
    }

    /** What a run is measured on. */
    List<DataFile> eval() {
        return config == null ? List.of() : run().data().eval();
    }

    List<DataFile> named(List<String> names) {
        List<DataFile> files = new ArrayList<>();
        for (String one : names) {
            DataFile file = named(one);
            Path path = file.path();
            if (files.stream().anyMatch(f -> f.path().equals(path))) {
                throw new RequestException("--input names " + path + " twice; name it once");
            }
            files.add(file);
        }
        return files;
    }

    /** Of LANG=FILE, FILE:LANG or FILE. */
    private DataFile named(String one) {
        if (Files.exists(Path.of(one))) {
            return new DataFile(Path.of(one), "", format, "");
        }
        int sign = one.indexOf('=');
        if (sign > 0) {
            return new DataFile(
                    Path.of(one.substring(sign + 1)), one.substring(0, sign), format, "");
        }
        int colon = one.lastIndexOf(':');
        boolean behind = colon > 0 && Files.exists(Path.of(one.substring(0, colon)));
        return behind
                ? new DataFile(
                        Path.of(one.substring(0, colon)), one.substring(colon + 1), format, "")
                : new DataFile(Path.of(one), "", format, "");
    }

    /** The run that --config names; null where files are named. */
    RunConfig run() {
        if (run == null && config != null) {
            run = RunFile.read(config, List.of());
        }
        return run;
    }

    /** Null where none is named. */
    Tokenizer tokenizer() {
        Path path = tokenizer;
        if (path == null && run() != null) {
            path = run().tokenizer().orElse(null);
        }
        return path == null ? null : Tokenizer.load(path);
    }

    /** Bytes of all files; what cannot be read is told when it is. */
    static long bytes(List<DataFile> files) {
        long total = 0;
        for (DataFile file : files) {
            try {
                total += Files.size(file.path());
            } catch (IOException _) {
                total += 0;
            }
        }
        return total;
    }
}
