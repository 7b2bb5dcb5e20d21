package org.lugha.models.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's weights as one {@code model.safetensors}, or as shards {@code
 * model-00001-of-0000N.safetensors} with the index that lists them, written last: each shard has
 * tensors in the order of their names up to a number of bytes, and at least one.
 */
final class ShardWriter {
    private ShardWriter() {}

    static void write(Path folder, Map<String, Source> tensors, long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException(
                    "shards: expected at least 1 byte each, got " + maxBytes);
        }
        List<SequencedMap<String, Source>> shards = split(tensors, maxBytes);
        if (shards.size() == 1) {
            SafeTensors.write(folder.resolve(Checkpoint.SINGLE), tensors);
            delete(folder.resolve(Checkpoint.INDEX));
            return;
        }
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        long total = tensors.values().stream().mapToLong(Source::bytes).sum();
        index.putObject("metadata").put("total_size", total);
        ObjectNode map = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String file =
                    String.format(
                            Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafeTensors.write(folder.resolve(file), shards.get(i));
            shards.get(i).keySet().forEach(name -> map.put(name, file));
        }
        Staged.write(folder.resolve(Checkpoint.INDEX), index.toPrettyString() + "\n");
        delete(folder.resolve(Checkpoint.SINGLE)); // readers would prefer it
    }

    private static List<SequencedMap<String, Source>> split(
            Map<String, Source> tensors, long maxBytes) {
        List<SequencedMap<String, Source>> shards = new ArrayList<>();
        shards.add(new TreeMap<>());
        long bytes = 0;
        for (var e : new TreeMap<>(tensors).entrySet()) {
            long more = e.getValue().bytes();
            if (bytes + more > maxBytes && !shards.getLast().isEmpty()) {
                shards.add(new TreeMap<>());
                bytes = 0;
            }
            shards.getLast().put(e.getKey(), e.getValue());
            bytes += more;
        }
        return shards;
    }

    private static void delete(Path old) {
        try {
            Files.deleteIfExists(old);
        } catch (IOException e) {
            throw Staged.cannotWrite(old, e);
        }
    }
}
