package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** Runs that cannot be, and what is said of them. */
final class Refused {
    private Refused() {}

    /** Trains in vain and returns the line: nothing is left behind, and a dry run finds it too. */
    static String train(Tiny tiny, String... settings) {
        String run = tiny.run();
        List<String> before = tiny.listing();
        List<String> args = new ArrayList<>(List.of("train", "--config", run));
        for (String s : settings) {
            args.add("--set");
            args.add(s);
        }
        String line = Cli.refusal(args.toArray(String[]::new));
        assertEquals(before, tiny.listing());
        args.add("--dry-run");
        assertEquals(line, Cli.refusal(args.toArray(String[]::new)), "a dry run");
        assertEquals(before, tiny.listing());
        return line;
    }

    /** Trains in vain on one file beside the model. */
    static String trainOn(Tiny tiny, String name, String format) {
        return train(
                tiny, "data={train: [{path: '" + tiny.path(name) + "', format: " + format + "}]}");
    }

    static void says(String line, String... words) {
        for (String w : words) {
            assertTrue(line.contains(w), () -> "'" + w + "' in: " + line);
        }
    }
}
