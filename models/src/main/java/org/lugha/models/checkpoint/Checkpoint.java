package org.lugha.models.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All tensors of a model's folder by name, whether in one {@code model.safetensors} or in the
 * shards that {@code model.safetensors.index.json} lists.
 */
public final class Checkpoint implements AutoCloseable {
    /** The file of a model that is not sharded. */
    public static final String SINGLE = "model.safetensors";

    /** The list of a sharded model's files. */
    public static final String INDEX = "model.safetensors.index.json";

    private final Path path;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;
    private final Arena arena;

    private Checkpoint(
            Path path, Map<String, Entry> entries, Map<String, String> metadata, Arena arena) {
        this.path = path;
        this.entries = Collections.unmodifiableMap(entries);
        this.metadata = metadata;
        this.arena = arena;
    }

    /** Maps the weights read-only. */
    public static Checkpoint open(Path path) {
        return open(path, Mapping.READ_ONLY);
    }

    /**
     * Maps the weights of a folder, or of the safetensors file or index that {@code path} names.
     * Their memory lives until {@code close} and may be used by any thread.
     */
    public static Checkpoint open(Path path, Mapping mapping) {
        Path file = Files.isDirectory(path) ? find(path) : path;
        Arena arena = Arena.ofShared();
        try {
            return file.getFileName().toString().endsWith(".index.json")
                    ? shards(path, ShardIndex.read(file), mapping, arena)
                    : single(path, file, mapping, arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @SuppressWarnings("try") // the arena owns the memory, not the file object
    private static Checkpoint single(Path path, Path file, Mapping mapping, Arena arena) {
        SafeTensors read = SafeTensors.open(file, mapping, arena);
        return new Checkpoint(path, read.entries(), read.metadata(), arena);
    }

    @SuppressWarnings("try")
    private static Checkpoint shards(Path path, ShardIndex index, Mapping mapping, Arena arena) {
        Map<String, Entry> all = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Path shard : index.files()) {
            SafeTensors read = SafeTensors.open(shard, mapping, arena);
            read.entries().forEach((name, e) -> index.place(name, shard, e, all));
            read.metadata().forEach(metadata::putIfAbsent);
        }
        index.requireAll(all);
        return new Checkpoint(path, all, Collections.unmodifiableMap(metadata), arena);
    }

    /**
     * Writes a model's weights into a folder that is there: one file, or where they have more than
     * {@code maxShardBytes} shards of at most that size (a larger tensor has one of its own) and
     * then their index. Each file appears when it is complete.
     */
    public static void write(Path folder, Map<String, Source> tensors, long maxShardBytes) {
        ShardWriter.write(folder, tensors, maxShardBytes);
    }

    private static Path find(Path folder) {
        for (String name : List.of(SINGLE, INDEX)) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        List<String> seen = new ArrayList<>();
        try (Stream<Path> content = Files.list(folder)) {
            content.map(p -> p.getFileName().toString()).sorted().forEach(seen::add);
        } catch (IOException e) {
            throw SafeTensors.cannotOpen(folder, e);
        }
        for (String name : seen) {
            if (Foreign.isPickle(name)) {
                throw Foreign.pickle(folder.resolve(name));
            }
        }
        seen.removeIf(name -> !name.endsWith(".safetensors"));
        throw new CheckpointException(
                "cannot read %s: expected %s or %s, got %s; give the folder of a model, or the file itself"
                        .formatted(
                                folder,
                                SINGLE,
                                INDEX,
                                seen.isEmpty() ? "no safetensors file" : String.join(", ", seen)));
    }

    /** What was opened. */
    public Path path() {
        return path;
    }

    /** All tensors by name, in the order of the files and of the bytes in them. */
    public Map<String, Entry> entries() {
        return entries;
    }

    /** A tensor, if there is one of that name. */
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** A tensor; throws where there is none of that name. */
    public Entry get(String name) {
        return find(name)
                .orElseThrow(() ->
                        new CheckpointException(
                                String.format(
                                        Locale.ROOT,
                                        "cannot read %s: expected a tensor %s, it has %d others; is it a checkpoint of this model?",
                                        path,
                                        Reason.quote(name),
                                        entries.size())));
    }

    /** What {@code __metadata__} holds; of shards, the first to name a key. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Bytes of all tensors together. */
    public long bytes() {
        return entries.values().stream().mapToLong(e -> e.data().byteSize()).sum();
    }

    /** Unmaps all files; the entries' memory must not be touched after this. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
