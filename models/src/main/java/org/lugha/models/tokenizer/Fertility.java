package org.lugha.models.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * How finely a tokenizer cuts the texts that are added, without the tokens its post-processor adds.
 * A word is what stands between white space or Ethiopic wordspaces, so words of scripts that write
 * neither are whole phrases: compare those by tokens a character. Fertility and the share of
 * continued words are those of Rust et al. 2021, <a
 * href="https://arxiv.org/abs/2012.15613">2012.15613</a>.
 */
public final class Fertility {
    private static final char ETHIOPIC_WORDSPACE = '\u1361';

    private final Tokenizer tokenizer;
    private final int unknown;
    private long texts;
    private long words;
    private long continued;
    private long characters;
    private long bytes;
    private long tokens;
    private long unknowns;

    public Fertility(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.unknown = tokenizer.unknownId().orElse(-1);
    }

    /** Counts one more text. */
    public void add(String text) {
        Encoding e = tokenizer.encode(text, false);
        texts++;
        characters += text.codePointCount(0, text.length());
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
        tokens += e.size();
        for (int id : e.ids()) {
            unknowns += id == unknown ? 1 : 0;
        }
        countWords(text, e);
    }

    /** A word is continued if two tokens or more hold a part of it. */
    private void countWords(String text, Encoding e) {
        int token = 0;
        for (int i = 0; i < text.length(); ) {
            int begin = i;
            while (i < text.length() && !isBetweenWords(text.charAt(i))) {
                i++;
            }
            if (i == begin) {
                i++;
                continue;
            }
            words++;
            while (token < e.size() && e.ends()[token] <= begin) {
                token++;
            }
            int inWord = 0;
            for (int k = token; k < e.size() && e.starts()[k] < i; k++) {
                inWord += isBlank(text, e.starts()[k], Math.min(i, e.ends()[k])) ? 0 : 1;
            }
            continued += inWord > 1 ? 1 : 0;
        }
    }

    private static boolean isBetweenWords(char c) {
        return Characters.isSpace(c) || c == ETHIOPIC_WORDSPACE;
    }

    private static boolean isBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isBetweenWords(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    public long texts() {
        return texts;
    }

    public long words() {
        return words;
    }

    /** Unicode code points. */
    public long characters() {
        return characters;
    }

    /** Of the texts as UTF-8. */
    public long bytes() {
        return bytes;
    }

    public long tokens() {
        return tokens;
    }

    /** Tokens a word; NaN without words, as all these shares are where they share nothing. */
    public double fertility() {
        return (double) tokens / words;
    }

    /** The share of words that are cut into two tokens or more. */
    public double continuedWords() {
        return (double) continued / words;
    }

    public double tokensPerCharacter() {
        return (double) tokens / characters;
    }

    public double bytesPerToken() {
        return (double) bytes / tokens;
    }

    /** The share of tokens that stand for something unknown. */
    public double unknownShare() {
        return (double) unknowns / tokens;
    }
}
