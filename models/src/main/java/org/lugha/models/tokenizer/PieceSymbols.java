package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Words as the texts of their tokens, where what the vocabulary lacks stands character by
 * character.
 */
record PieceSymbols(Algorithm algorithm, String prefix, Tokenizer tokenizer) {

    /** Not known are those that the vocabulary lacks. */
    List<String> of(String word) {
        Algorithm.Tokens t = algorithm.tokenize(word);
        List<String> out = new ArrayList<>(t.ids().length);
        int done = 0;
        for (int i = 0; i < t.ids().length; i++) {
            int id = t.ids()[i];
            if (t.starts()[i] > done) {
                characters(word, done, t.starts()[i], out);
            }
            if (!isMissing(id)) {
                out.add(tokenizer.token(id));
            } else if (t.starts()[i] >= done) {
                characters(word, t.starts()[i], t.ends()[i], out);
            }
            done = Math.max(done, t.ends()[i]);
        }
        characters(word, done, word.length(), out);
        return out;
    }

    /** Whether a token stands for text that has none of its own. */
    private boolean isMissing(int id) {
        return id == algorithm.unknown() || ByteTokens.byteOf(tokenizer.token(id)) >= 0;
    }

    private void characters(String word, int from, int to, List<String> out) {
        for (int i = from; i < to; ) {
            int c = word.codePointAt(i);
            out.add((i > 0 ? prefix : "") + Character.toString(c));
            i += Character.charCount(c);
        }
    }

    boolean isKnown(String symbol) {
        Integer id = algorithm.vocab().get(symbol);
        return id != null && !isMissing(id);
    }

    /** What a symbol is spelled with now. */
    int[] parts(String symbol) {
        Integer id = algorithm.vocab().get(symbol);
        if (id != null) {
            return new int[] {id};
        }
        boolean continued = !prefix.isEmpty() && symbol.startsWith(prefix);
        return algorithm.tokenize(continued ? symbol.substring(prefix.length()) : symbol).ids();
    }
}
