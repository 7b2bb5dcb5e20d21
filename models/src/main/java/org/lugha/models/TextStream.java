package org.lugha.models;

import java.util.function.Consumer;

/**
 * Hands on a growing text piece by piece: whole characters only, and nothing that may turn out to
 * begin a stop string. Only text that was not handed on yet is held and searched.
 */
public final class TextStream {
    private static final char REPLACEMENT = '\uFFFD';

    private final StopStrings stops;
    private final Consumer<String> sink;
    private final StringBuilder settled = new StringBuilder();
    private String open = "";
    private int sent;
    private boolean stopped;

    public TextStream(StopStrings stops, Consumer<String> sink) {
        this.stops = stops;
        this.sink = sink;
    }

    /**
     * The text goes on; what is certain of it is handed on.
     *
     * @param more what follows the text that was settled before, now settled too
     * @param open what follows that for the time being
     * @return whether a stop string has come; then nothing more is taken
     */
    public boolean at(String more, String open) {
        if (stopped) {
            return true;
        }
        settled.append(more);
        this.open = open;
        String text = settled + open;
        String certain = stops.cut(text);
        stopped = certain.length() < text.length();
        int end = certain.length();
        if (!stopped) {
            while (end > 0 && certain.charAt(end - 1) == REPLACEMENT) {
                end--; // bytes of a character that is not complete yet
            }
            end -= stops.pending(certain.substring(0, end));
        }
        send(certain, end);
        int gone = Math.min(sent, settled.length());
        settled.delete(0, gone);
        sent -= gone;
        return stopped;
    }

    /** The text is complete. */
    public void done() {
        if (!stopped) {
            String all = settled + open;
            send(all, all.length());
            stopped = true;
        }
    }

    private void send(String text, int end) {
        if (end > sent) {
            sink.accept(text.substring(sent, end));
            sent = end;
        }
    }
}
