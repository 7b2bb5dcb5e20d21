package org.lugha.models;

import java.util.List;
import java.util.OptionalInt;

/**
 * Texts that end a generated one. It is cut before the first of them, wherever the borders of
 * tokens are.
 */
public record StopStrings(List<String> stops) {
    public StopStrings {
        stops = List.copyOf(stops);
        if (stops.contains("")) {
            throw new RequestException("a stop string must not be empty");
        }
    }

    /** Where the first of them begins. */
    public OptionalInt find(String text) {
        return stops.stream().mapToInt(text::indexOf).filter(i -> i >= 0).min();
    }

    /** The text before the first of them. */
    public String cut(String text) {
        return text.substring(0, find(text).orElse(text.length()));
    }

    /** How much of the end of this text may be the beginning of one. */
    public int pending(String text) {
        int most = 0;
        for (String s : stops) {
            for (int n = Math.min(s.length() - 1, text.length()); n > most; n--) {
                if (text.regionMatches(text.length() - n, s, 0, n)) {
                    most = n;
                }
            }
        }
        return most;
    }
}
