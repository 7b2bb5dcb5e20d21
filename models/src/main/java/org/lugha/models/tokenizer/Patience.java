package org.lugha.models.tokenizer;

import java.util.Locale;

/**
 * Text for a pattern that is from a file: some patterns try more ways through a text than there is
 * time for, so looks at its chars are counted and end at a thousand for each.
 */
final class Patience implements CharSequence {
    private final String text;
    private final long most;
    private long looks;

    Patience(String text, int length) {
        this.text = text;
        this.most = 1_000_000 + 1000L * length;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int i) {
        if (++looks > most) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "encode: expected a pattern that is through a text of %d chars by now, got one that goes on; change the pattern in tokenizer.json",
                            text.length()));
        }
        return text.charAt(i);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return text.substring(from, to);
    }

    @Override
    public String toString() {
        return text;
    }
}
