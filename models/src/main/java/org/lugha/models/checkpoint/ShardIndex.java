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
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which file each tensor of a sharded checkpoint is in: {@code weight_map} of the index. */
record ShardIndex(Path index, Map<String, Path> weightMap) {
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    private static final long LARGEST = 100_000_000;

    static ShardIndex read(Path index) {
        JsonNode map;
        try {
            if (Files.size(index) > LARGEST) {
                throw wrong(index, "at most " + LARGEST + " bytes", Files.size(index) + " bytes");
            }
            map = JSON.readTree(Files.readAllBytes(index)).path("weight_map");
        } catch (IOException e) {
            throw SafeTensors.cannotOpen(index, e);
        } catch (JacksonException e) {
            throw wrong(index, "JSON", Reason.line(e.getOriginalMessage()));
        }
        if (!map.isObject()) {
            throw wrong(index, "an object 'weight_map' from tensor to file", "none");
        }
        Map<String, Path> files = new LinkedHashMap<>();
        map.forEachEntry((name, file) -> files.put(name, shard(index, file)));
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

    private static Path shard(Path index, JsonNode file) {
        String name = file.isString() ? file.stringValue() : "";
        if (Foreign.isPickle(name)) {
            throw Foreign.pickle(index.resolveSibling(name));
        }
        // A plain name: an index must not lead out of its folder.
        if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
            throw wrong(
                    index, "names of safetensors files beside it", Reason.line(file.toString()));
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
