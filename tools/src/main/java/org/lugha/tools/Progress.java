package org.lugha.tools;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Progress on stderr: a bar with rate and time left on a terminal, a plain line now and then
 * otherwise, every ten seconds at first and every ten minutes in the end; nothing for work that is
 * done within two seconds.
 */
public final class Progress implements AutoCloseable {
    /** Set by the launcher, which can ask about stderr; the JVM knows of stdin and stdout alone. */
    private static final boolean TERMINAL = Boolean.getBoolean("lugha.terminal");

    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final long TENTH = 100_000_000;
    private static final int WIDTH = 24;

    private final PrintStream err = System.err;
    private final boolean terminal;
    private final String what;
    private final long total;
    private final long already;
    private final long start;
    private long shown;
    private boolean drawn;

    public Progress(String what, long total) {
        this(what, total, 0);
    }

    /** Of work that goes on: {@code already} was done before, which says nothing of the rate. */
    public Progress(String what, long total, long already) {
        this(what, total, already, TERMINAL, System.nanoTime());
    }

    Progress(String what, long total, long already, boolean terminal, long start) {
        this.what = what;
        this.already = already;
        this.terminal = terminal;
        this.start = start;
        this.shown = start;
        this.total = total;
    }

    /** Done so far, and a few words such as the current loss; the rate is of what is counted. */
    public void at(long done, String words) {
        long now = System.nanoTime();
        long pause = terminal ? TENTH : Math.clamp((now - start) / 60, 100 * TENTH, 6000 * TENTH);
        if (now - start < QUIET.toNanos() || now - shown < pause && done < total) {
            return;
        }
        shown = now;
        double seconds = (now - start) * 1e-9;
        long here = Math.max(1, done - already);
        String line =
                String.format(
                        Locale.ROOT,
                        "%s %s%d/%d  %.3g/s  %s%s left",
                        what,
                        terminal ? bar(done) + " " : "",
                        done,
                        total,
                        here / seconds,
                        words.isEmpty() ? "" : words + "  ",
                        time(seconds / here * (total - done)));
        if (terminal) {
            // Without wrapping: a line that is too long is cut, not left behind.
            err.print("\r\u001B[K\u001B[?7l" + line + "\u001B[?7h");
            drawn = true;
        } else {
            err.println(line);
        }
        err.flush();
    }

    @Override
    public void close() {
        if (drawn) {
            drawn = false;
            err.print("\r\u001B[K");
            err.flush();
        }
    }

    private String bar(long done) {
        int full = (int) (WIDTH * done / Math.max(1, total));
        return "[" + "=".repeat(full) + " ".repeat(WIDTH - full) + "]";
    }

    private static String time(double seconds) {
        long s = Math.round(seconds);
        return s >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60);
    }
}
