package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** One run of the command line in this process: its exit code and what it printed. */
record Cli(int exit, String out, String err) {

    static Cli run(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var outBytes = new ByteArrayOutputStream();
        var errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, UTF_8));
            System.setErr(new PrintStream(errBytes, true, UTF_8));
            int exit = Main.run(args);
            return new Cli(exit, outBytes.toString(UTF_8), errBytes.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** Exit 0, or the test fails with what was said. */
    static Cli ok(String... args) {
        Cli cli = run(args);
        assertEquals(0, cli.exit, () -> String.join(" ", args) + "\n" + cli.err);
        return cli;
    }

    /** The one line of a request that was wrong: exit 2, last on stderr, no stack trace. */
    static String refusal(String... args) {
        Cli cli = run(args);
        assertEquals(2, cli.exit, () -> String.join(" ", args) + "\n" + cli.err);
        assertEquals("", cli.out);
        return cli.lastLine();
    }

    String lastLine() {
        List<String> lines = err.lines().toList();
        assertFalse(lines.isEmpty(), "nothing on stderr");
        assertTrue(lines.getLast().startsWith("lugha"), err);
        assertFalse(err.contains("\tat "), err);
        assertFalse(err.contains("Exception"), err);
        assertEquals(1, lines.stream().filter(l -> l.startsWith("lugha")).count(), err);
        return lines.getLast();
    }
}
