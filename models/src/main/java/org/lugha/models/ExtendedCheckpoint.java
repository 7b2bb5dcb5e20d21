package org.lugha.models;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.lugha.autograd.Parameter;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.CheckpointException;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's folder written anew for a larger vocabulary: the input embedding and, where it is a
 * table of its own, the output layer get a row for each new token, the mean of the rows of the
 * tokens that spelled it before. Rows that a padded table has already are used first. All other
 * tensors are copied byte for byte, file by file, and so are types and metadata; nothing is ever
 * held but the new rows.
 */
public final class ExtendedCheckpoint implements AutoCloseable {
    /** Weights of other formats and files of the old vocabulary, which would contradict the new. */
    private static final Pattern STALE =
            Pattern.compile(
                    ".*\\.(safetensors|bin|pt|pth|ckpt|pkl|gguf|onnx|h5|msgpack|ot|model)"
                            + "|.*\\.index\\.json|config\\.json|tokenizer\\.json"
                            + "|tokenizer_config\\.json|special_tokens_map\\.json"
                            + "|added_tokens\\.json|tokenizer\\.model.*|vocab\\.(json|txt)|merges\\.txt");

    private final Path model;
    private final ConfigJson config;
    private final Checkpoint files;
    private final Map<String, Entry> tables;

    private ExtendedCheckpoint(
            Path model, ConfigJson config, Checkpoint files, Map<String, Entry> tables) {
        this.model = model;
        this.config = config;
        this.files = files;
        this.tables = tables;
    }

    /** Opens a folder of one of the families; refuses one that does not hold the whole model. */
    public static ExtendedCheckpoint of(Path model) {
        ConfigJson config = ModelFiles.config(model);
        Checkpoint files = Checkpoint.open(model);
        try (CausalLM lm = CausalLM.declare(config)) {
            List<Parameter> wanted =
                    List.of(lm.parts().embedding().weight(), lm.parts().head().weight());
            Map<String, Entry> tables = new LinkedHashMap<>();
            for (Entry e : files.entries().values()) {
                Optional<Parameter> p = WeightBinding.parameter(lm, e.name());
                if (p.isPresent() && wanted.contains(p.get())) {
                    tables.put(e.name(), e);
                    if (!ModelFiles.fits(e, p.get().shape())) {
                        throw new RequestException(
                                "extend %s: expected %s of %s, got %s; is config.json the one of these weights?"
                                        .formatted(model, e.name(), p.get().shape(), e));
                    }
                }
            }
            if (tables.isEmpty()) {
                throw new RequestException(
                        "extend "
                                + model
                                + ": expected the tensor "
                                + lm.parts().embedding().weight().name()
                                + ", it is not there; is config.json the one of these weights?");
            }
            return new ExtendedCheckpoint(model, config, files, tables);
        } catch (RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }

    /** Refuses a tokenizer of more tokens than the model has rows. */
    public void requireRows(int tokens) {
        for (Entry e : tables.values()) {
            if (e.shape()[0] < tokens) {
                throw new RequestException(
                        String.format(
                                Locale.ROOT,
                                "extend %s: expected at least the tokenizer's %d rows in %s, got %d; does the tokenizer belong to the model?",
                                model,
                                tokens,
                                e.name(),
                                e.shape()[0]));
            }
        }
    }

    /**
     * Writes the model into a folder that is there.
     *
     * @param first id of the first new token, at most the rows there are
     * @param parts for each new token the ids that spelled it before; for none the mean of all
     */
    public void write(int first, List<int[]> parts, Path folder) {
        requireRows(first);
        long rows = first + (long) parts.size();
        for (Entry e : tables.values()) {
            rows = Math.max(rows, e.shape()[0]);
        }
        try {
            copyOthers(folder);
        } catch (IOException e) {
            throw new CheckpointException(
                    "cannot write %s: %s; choose a folder that can be written and has room"
                            .formatted(folder, e.getMessage()),
                    e);
        }
        ObjectNode changed = config.root().deepCopy();
        changed.put("vocab_size", rows);
        Staged.write(folder.resolve(ModelFiles.CONFIG), ModelFiles.json(changed) + "\n");
        NewRows grown = new NewRows(first, parts, rows);
        Path single = model.resolve(Checkpoint.SINGLE);
        if (Files.isRegularFile(single)) {
            write(single, grown, folder);
        } else {
            shards(grown, folder);
        }
    }

    private void shards(NewRows grown, Path folder) {
        ObjectNode index = ConfigJson.read(model.resolve(Checkpoint.INDEX)).root().deepCopy();
        Set<String> names = new TreeSet<>();
        for (JsonNode name : index.path("weight_map")) {
            names.add(name.stringValue());
        }
        long total = 0;
        for (String name : names) {
            total += write(model.resolve(name), grown, folder);
        }
        index.withObjectProperty("metadata").put("total_size", total);
        Staged.write(folder.resolve(Checkpoint.INDEX), index.toPrettyString() + "\n");
    }

    /** Says how many bytes the tensors have. */
    private long write(Path file, NewRows grown, Path folder) {
        try (SafeTensors old = SafeTensors.open(file)) {
            Map<String, Source> tensors = new LinkedHashMap<>();
            long bytes = 0;
            for (Entry e : old.entries().values()) {
                Source s = tables.containsKey(e.name()) ? grown.of(e) : e.source();
                tensors.put(e.name(), s);
                bytes += s.dtype().bytes(s.shape());
            }
            SafeTensors.write(folder.resolve(file.getFileName()), tensors, old.metadata());
            return bytes;
        }
    }

    private void copyOthers(Path folder) throws IOException {
        Set<Path> made = new HashSet<>();
        Files.walkFileTree(
                model,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a) {
                        boolean hidden = dir.getFileName().toString().startsWith(".");
                        return hidden && !dir.equals(model)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                            throws IOException {
                        if (!STALE.matcher(file.getFileName().toString()).matches()
                                && Files.isRegularFile(file)) {
                            Path to = folder.resolve(model.relativize(file).toString());
                            if (made.add(to.getParent())) {
                                Files.createDirectories(to.getParent());
                            }
                            Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Override
    public void close() {
        files.close();
    }
}
