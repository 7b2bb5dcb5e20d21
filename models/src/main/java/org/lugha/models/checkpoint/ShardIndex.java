package org.lugha.models.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Which file each tensor of a sharded checkpoint is in: {@code weight_map} of the index. */
record ShardIndex(Path index, Map<String, Path> weightMap) {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final long LARGEST = 32_000_000;
    private static final int MOST_TENSORS = 100_000;

    static ShardIndex read(Path index) {
        Map<String, Path> files;
        try {
            if (Files.size(index) > LARGEST) {
                throw wrong(index, "at most " + LARGEST + " bytes", Files.size(index) + " bytes");
            }
            try (JsonParser p =
                    JSON.createParser(ObjectReadContext.empty(), Files.readAllBytes(index))) {
                files = weightMap(index, p);
            }
        } catch (IOException e) {
            throw SafeTensors.cannotOpen(index, e);
        } catch (JacksonException e) {
            throw wrong(index, "JSON", Reason.line(e.getOriginalMessage()));
        }
        List<String> missing =
                files.values().stream()
                        .distinct()
                        .filter(f -> !Files.isRegularFile(f))
                        .map(f -> f.getFileName().toString())
                        .sorted()
                        .toList();
        if (!missing.isEmpty()) {
            String what = missing.size() == 1 ? "the file " : "the files ";
            throw wrong(index, what + Reason.names(missing) + " beside it", "none");
        }
        return new ShardIndex(index, files);
    }

    private static Map<String, Path> weightMap(Path index, JsonParser p) {
        Map<String, Path> files = null;
        boolean object = p.nextToken() == JsonToken.START_OBJECT;
        while (object && p.nextToken() != JsonToken.END_OBJECT) {
            String key = p.currentName();
            JsonToken value = p.nextToken();
            if (!key.equals("weight_map") || value != JsonToken.START_OBJECT) {
                p.skipChildren();
                continue;
            }
            files = new LinkedHashMap<>();
            while (p.nextToken() != JsonToken.END_OBJECT) {
                String name = p.currentName();
                boolean text = p.nextToken() == JsonToken.VALUE_STRING;
                files.put(name, shard(index, text ? p.getString() : ""));
                if (files.size() > MOST_TENSORS) {
                    throw wrong(index, "at most " + MOST_TENSORS + " tensors", "more");
                }
            }
        }
        if (files == null) {
            throw wrong(index, "an object 'weight_map' from tensor to file", "none");
        }
        return files;
    }

    private static Path shard(Path index, String name) {
        if (Foreign.isPickle(name)) {
            throw Foreign.pickle(index.resolveSibling(name));
        }
        // A plain name: an index must not lead out of its folder.
        if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
            throw wrong(index, "names of safetensors files beside it", Reason.quote(name));
        }
        return index.resolveSibling(name);
    }

    /** The files, each once, in the order of their names. */
    List<Path> files() {
        return weightMap.values().stream().distinct().sorted().toList();
    }

    /** Takes a tensor of a shard, unless the index says that another shard has it. */
    void place(String name, Path shard, Entry entry, Map<String, Entry> into) {
        if (weightMap.getOrDefault(name, shard).equals(shard) && into.put(name, entry) != null) {
            throw wrong(index, Reason.quote(name) + " in one file", "it is in several");
        }
    }

    /** Throws if tensors the index lists were not in the files it names. */
    void requireAll(Map<String, Entry> found) {
        Map<Path, List<String>> absent = new TreeMap<>();
        weightMap.forEach((name, shard) -> {
            if (!found.containsKey(name)) {
                absent.computeIfAbsent(shard, _ -> new ArrayList<>()).add(name);
            }
        });
        if (!absent.isEmpty()) {
            throw wrong(
                    index,
                    absent.entrySet().stream()
                            .map(e ->
                                    Reason.names(e.getValue()) + " in " + e.getKey().getFileName())
                            .collect(Collectors.joining(", ")),
                    absent.size() == 1 ? "a file without" : "files without");
        }
    }

    private static CheckpointException wrong(Path index, String expected, String got) {
        return new CheckpointException(
                "cannot read %s: expected %s, got %s; copy or download the whole model again"
                        .formatted(index, expected, got));
    }
}
