package org.lugha.models.checkpoint;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where tests find files: committed beside the test, or in the optional folder of large cases. */
public final class SharedData {
    private SharedData() {}

    /** A folder or file of the large cases; skips the test where they are absent. */
    public static Path path(String relative) {
        Path found = Path.of(System.getProperty("lugha.shared", "../../shared"), relative);
        assumeTrue(Files.exists(found), () -> "no " + found + "; set -Dlugha.shared=FOLDER");
        return found;
    }

    /** A resource committed beside a test class. */
    public static Path beside(Class<?> test, String name) {
        try {
            return Path.of(test.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
