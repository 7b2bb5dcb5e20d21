package org.lugha.tools.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.tools.demo.swahili.Pair;
import org.lugha.tools.demo.swahili.Split;
import tools.jackson.databind.json.JsonMapper;

/** What the demo writes beside model and adapter, in formats that {@code lugha train} reads. */
final class DemoFiles {
    private static final Set<String> WRITTEN =
            Set.of("adapter", "base", "data", "tokenizer", "report.html");

    private DemoFiles() {}

    static void writeData(Path folder, Split data, List<String> english, List<String> swahili) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("eng.txt"), english);
            Files.write(folder.resolve("swa.txt"), swahili);
            Files.write(folder.resolve("train.jsonl"), lines(data.train()));
            Files.write(folder.resolve("held-out.jsonl"), lines(data.heldOut()));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written", e);
        }
    }

    static Path writeConfig(Path folder, DemoPlan plan, Tokenizer tokenizer) {
        Path file = folder.resolve("config.json");
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    file, plan.config(tokenizer.vocabSize(), tokenizer.eosId().orElseThrow()));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    /** Whether a folder has nothing in it but what a demo writes, so that it may be replaced. */
    static boolean areAll(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.allMatch(e -> WRITTEN.contains(e.getFileName().toString()));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> lines(List<Pair> pairs) {
        return pairs.stream()
                .map(p ->
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("src_lang", "eng")
                                .put("tgt_lang", "swa")
                                .put("src", p.english())
                                .put("tgt", p.swahili())
                                .toString())
                .toList();
    }
}
