package org.lugha.models.tokenizer;

import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** Cuts text at every character of a kind. */
record CharSplit(IntPredicate kind, Behavior behavior) implements Splitter {
    /** At white space, which goes. */
    static final CharSplit SPACES = new CharSplit(Characters::isSpace, Behavior.Removed);

    static CharSplit punctuation(Behavior behavior) {
        return new CharSplit(Characters::isPunctuation, behavior);
    }

    static CharSplit digits(boolean individual) {
        return new CharSplit(
                Characters::isNumber, individual ? Behavior.Isolated : Behavior.Contiguous);
    }

    @Override
    public void split(Aligned text, Consumer<Aligned> out) {
        Behavior.Cuts cuts = behavior.cuts(text, false, out);
        int n = text.length();
        for (int i = 0; i < n; ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (kind.test(c)) {
                cuts.match(i, next);
            }
            i = next;
        }
        cuts.end();
    }
}
