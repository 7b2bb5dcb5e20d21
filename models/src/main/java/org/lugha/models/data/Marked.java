package org.lugha.models.data;

import java.util.List;

/**
 * A text before it is tokenised, and which characters of it count. It is tokenised as one; a token
 * counts that holds any character that counts.
 *
 * @param counted ranges that do not overlap, in their order
 * @param conversation whether it came from a chat template, which writes special tokens itself:
 *     none are added, and an answer counts up to its end token
 */
public record Marked(String text, List<Range> counted, boolean conversation) {
    /** Characters from one to before another. */
    public record Range(int from, int to) {}

    public Marked {
        counted = List.copyOf(counted);
    }

    /** A document in which everything counts. */
    public static Marked all(String text) {
        return new Marked(text, List.of(new Range(-1, text.length())), false);
    }

    /** A document of which all counts that comes after the prompt. */
    public static Marked after(String prompt, String completion) {
        String text = prompt + completion;
        return new Marked(text, List.of(new Range(prompt.length(), text.length())), false);
    }

    /** The same with every token counted. */
    Marked everything() {
        return new Marked(text, List.of(new Range(-1, text.length())), conversation);
    }

    /** Whether it is a document whose end is part of what counts. */
    boolean endCounts() {
        return !conversation && !counted.isEmpty() && counted.getLast().to() == text.length();
    }

    /** What comes before the first character that counts: what a model is asked with. */
    public String prompt() {
        return counted.isEmpty() ? text : text.substring(0, Math.max(0, counted.getFirst().from()));
    }
}
