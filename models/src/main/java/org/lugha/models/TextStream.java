package org.lugha.models;

import java.util.function.Consumer;

/**
 * Hands on a growing text piece by piece: whole characters only, and nothing that may turn out to
 * begin a stop string.
 */
public final class TextStream {
    private static final char REPLACEMENT = '\uFFFD';

    private final StopStrings stops;
    private final Consumer<String> sink;
    private int sent;

    public TextStream(StopStrings stops, Consumer<String> sink) {
        this.stops = stops;
        this.sink = sink;
    }

    /** The text so far; what is certain of it is handed on. */
    public void at(String text) {
        String certain = stops.cut(text);
        int end = certain.length();
        if (end == text.length()) {
            while (end > 0 && certain.charAt(end - 1) == REPLACEMENT) {
                end--; // bytes of a character that is not complete yet
            }
            end -= stops.pending(certain.substring(0, end));
        }
        send(certain, end);
    }

    /** The text is complete. */
    public void done(String text) {
        String all = stops.cut(text);
        send(all, all.length());
    }

    private void send(String text, int end) {
        if (end > sent) {
            sink.accept(text.substring(sent, end));
            sent = end;
        }
    }
}
