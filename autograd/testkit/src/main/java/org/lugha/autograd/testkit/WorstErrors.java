package org.lugha.autograd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import org.lugha.autograd.GradCheck;

/**
 * The worst relative error of each op's gradient in this process, and of how many checks; with
 * {@code -Dlugha.gradients=FILE} it is written at the end, as a table. An op counts where it made
 * the output.
 */
final class WorstErrors {
    private static final WorstErrors ALL = new WorstErrors();

    private record Row(long checks, double error) {}

    private final TreeMap<String, Row> rows = new TreeMap<>();

    private WorstErrors() {
        String file = System.getProperty("lugha.gradients", "");
        if (!file.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> write(Path.of(file))));
        }
    }

    /** One more check. */
    static void note(GradCheck.Report report) {
        int attributes = report.op().indexOf('[');
        String op = attributes < 0 ? report.op() : report.op().substring(0, attributes);
        ALL.add(op, new Row(1, report.error()));
    }

    private synchronized void add(String op, Row one) {
        rows.merge(op, one, (a, b) -> new Row(a.checks + b.checks, Math.max(a.error, b.error)));
    }

    private synchronized void write(Path file) {
        StringBuilder s =
                new StringBuilder("| op | checks | worst relative error |\n|---|---|---|\n");
        rows.forEach((op, row) ->
                s.append(
                        String.format(
                                Locale.ROOT, "| %s | %d | %.2g |%n", op, row.checks, row.error)));
        try {
            Files.writeString(file, s);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
