package org.lugha.models.corpus;

import java.nio.file.Path;

/** A line of a file, counted from 1. */
public record Place(Path file, long line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
