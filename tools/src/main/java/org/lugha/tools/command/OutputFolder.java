package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;

/** A folder for a tokenizer, perhaps with its model, and whether it may replace an older one. */
record OutputFolder(Path path, boolean overwrite) {
    private static final String TOKENIZER = "tokenizer.json";

    /**
     * Refuses a place that holds something, unless it is to be overwritten and holds no more than
     * will be written again.
     *
     * @param sources what is read, which must not lie there; null for none
     */
    void require(boolean withModel, Path... sources) {
        Path here = path.toAbsolutePath().normalize();
        for (Path source : sources) {
            if (source != null && source.toAbsolutePath().normalize().startsWith(here)) {
                throw new RequestException(
                        "--output " + path + " holds what is read; choose another folder");
            }
        }
        if (!Files.exists(path)) {
            return;
        }
        if (!overwrite) {
            throw new RequestException(
                    "--output " + path + " is there already; choose another name, or --overwrite");
        }
        boolean ours = Files.exists(path.resolve(TOKENIZER));
        if (!ours || (!withModel && Files.exists(path.resolve("config.json")))) {
            throw new RequestException(
                    "--output "
                            + path
                            + " holds "
                            + (ours ? "a model" : "no tokenizer")
                            + ", which is not overwritten; choose another folder");
        }
    }

    Staged staged() {
        return overwrite ? Staged.replacing(path) : Staged.folder(path);
    }
}
