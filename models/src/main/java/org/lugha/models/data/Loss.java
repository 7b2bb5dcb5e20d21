package org.lugha.models.data;

import java.util.Locale;

/** Which tokens of an example count. Lines that say it themselves decide for themselves. */
public enum Loss {
    /** All of them, the prompt's too. */
    ALL,
    /** The completion; of a conversation the last answer. */
    COMPLETION,
    /** All answers of a conversation; of other lines the completion. */
    ASSISTANT;

    /** As a configuration names it. */
    public static Loss of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
