package org.lugha.models.corpus;

import java.nio.file.Path;

/** A line of a file, counted from 1; 0 is the file as a whole. */
public record Place(Path file, long line) {
    @Override
    public String toString() {
        return line == 0 ? file.toString() : file + ":" + line;
    }
}
