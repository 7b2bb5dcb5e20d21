package org.lugha.models.corpus;

/**
 * Something that a check has found.
 *
 * @param rule which of the rules in docs/data.md it is, such as {@code utf8}
 * @param what one line for people: what is wrong, and what would be right
 */
public record Finding(Level level, Place place, String rule, String what) {
    /** How bad it is. */
    public enum Level {
        /** Training refuses the line, or would learn from damage. */
        ERROR,
        /** It may be meant so. */
        WARNING,
        /** Good to know. */
        NOTE
    }

    @Override
    public String toString() {
        String word =
                switch (level) {
                    case ERROR -> "";
                    case WARNING -> "warning: ";
                    case NOTE -> "note: ";
                };
        return place + ": " + word + what;
    }
}
