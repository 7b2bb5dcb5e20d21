package org.lugha.models.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What lies beside weights in a folder and goes where they go: tokenizer, chat template, generation
 * settings. Weights in any format, folders and hidden files are not among it.
 */
public final class OtherFiles {
    private static final List<String> WEIGHTS =
            List.of(
                    ".safetensors",
                    ".safetensors.index.json",
                    ".bin",
                    ".bin.index.json",
                    ".pt",
                    ".pth",
                    ".h5",
                    ".msgpack",
                    ".onnx",
                    ".gguf");

    private OtherFiles() {}

    /** Copies them into a folder that is there and lacks them; these names are left out. */
    public static void copy(Path from, Path to, Set<String> except) {
        try (Stream<Path> content = Files.list(from)) {
            for (Path file : content.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString();
                boolean weights = WEIGHTS.stream().anyMatch(name::endsWith);
                Path target = to.resolve(name);
                if (!weights
                        && !name.startsWith(".")
                        && !except.contains(name)
                        && Files.notExists(target)) {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw Staged.cannotWrite(to, e);
        }
    }
}
