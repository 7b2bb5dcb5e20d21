package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000L;

    private static String shown(boolean terminal, long secondsAgo, long done, long total) {
        return shown(terminal, secondsAgo, 0, done, total);
    }

    private static String shown(
            boolean terminal, long secondsAgo, long already, long done, long total) {
        var bytes = new ByteArrayOutputStream();
        PrintStream err = System.err;
        System.setErr(new PrintStream(bytes, true, UTF_8));
        long start = System.nanoTime() - secondsAgo * SECOND;
        try (var progress = new Progress("train", total, already, terminal, start)) {
            progress.at(done, "loss 2.5");
        } finally {
            System.setErr(err);
        }
        return bytes.toString(UTF_8);
    }

    @Test
    void whatIsDoneWithinTwoSecondsIsNotShown() {
        assertEquals("", shown(true, 1, 1, 2));
        assertEquals("", shown(false, 1, 2, 2));
    }

    @Test
    void aTerminalGetsABarThatGoesAway() {
        String bar = shown(true, 100, 25, 100);
        assertTrue(
                bar.startsWith("\r\u001B[K\u001B[?7ltrain [======                  ] 25/100"), bar);
        assertTrue(bar.contains(" 0.250/s  loss 2.5  5:00 left"), bar);
        assertTrue(bar.endsWith("\r\u001B[K"), bar);
    }

    @Test
    void whatWasDoneBeforeSaysNothingOfTheRate() {
        assertEquals(
                "train 60/100  0.100/s  loss 2.5  6:40 left\n",
                shown(false, 100, 50, 60, 100).replace("\r", ""));
    }

    @Test
    void elsewhereThereAreLinesNowAndThen() {
        assertEquals(
                "train 25/100  0.250/s  loss 2.5  5:00 left\n",
                shown(false, 100, 25, 100).replace("\r", ""));
        assertEquals("", shown(false, 5, 25, 100), "not every step");
        assertTrue(shown(false, 7200, 1, 2).contains("2:00:00 left"));
    }
}
