package org.lugha.models.checkpoint;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** Words for error messages: one line each, whatever the file or the system put into them. */
final class Reason {
    private static final int LONGEST_NAME = 100;
    private static final int MOST_NAMES = 1000;

    private Reason() {}

    /** Why the system refused, without the path that the caller names anyway. */
    static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it exists already";
            case DirectoryNotEmptyException _ -> "the folder is not empty";
            case NotDirectoryException _ -> "not a folder";
            case FileSystemException f when f.getReason() != null -> line(f.getReason());
            default -> line(String.valueOf(e.getMessage()));
        };
    }

    /** A name out of a file, in quotes, without control characters and not endless. */
    static String quote(String name) {
        return "'" + line(name) + "'";
    }

    /** The first of many names, and how many more there are. */
    static String names(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).map(Reason::quote).collect(joining(", "));
        int more = names.size() - MOST_NAMES;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    static String line(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST_NAME; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return text.length() > LONGEST_NAME ? out + "..." : out.toString();
    }
}
