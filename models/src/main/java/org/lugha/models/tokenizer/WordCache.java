package org.lugha.models.tokenizer;

/**
 * The tokens of short pieces as they were last found; a piece that a table slot does not hold is
 * tokenized and takes the slot. Safe for use by many threads: entries do not change.
 */
final class WordCache {
    private static final int SLOTS = 1 << 16;
    private static final int LONGEST = 64;

    private record Entry(String word, int hash, Algorithm.Tokens tokens) {}

    private final Algorithm algorithm;
    private final boolean spell;
    private final Entry[] entries = new Entry[SLOTS];

    /** With {@code spell}, pieces are spelled in the byte alphabet for the model. */
    WordCache(Algorithm algorithm, boolean spell) {
        this.algorithm = algorithm;
        this.spell = spell;
    }

    Algorithm.Tokens tokens(Aligned piece) {
        int n = piece.length();
        if (n > LONGEST) {
            return tokenize(piece.text());
        }
        int hash = n;
        for (int i = 0; i < n; i++) {
            hash = 31 * hash + piece.charAt(i);
        }
        int slot = (hash * 0x9E3779B9) >>> 16;
        Entry entry = entries[slot];
        if (entry == null || entry.hash != hash || !piece.isText(entry.word)) {
            String word = piece.text();
            entry = new Entry(word, hash, tokenize(word));
            entries[slot] = entry;
        }
        return entry.tokens;
    }

    private Algorithm.Tokens tokenize(String word) {
        if (!spell) {
            return algorithm.tokenize(word);
        }
        Aligned spelled = ByteAlphabet.spell(Aligned.verbatim(word, 0));
        Algorithm.Tokens found = algorithm.tokenize(spelled.text());
        TokenList out = new TokenList(found.ids().length);
        for (int i = 0; i < found.ids().length; i++) {
            out.add(
                    found.ids()[i],
                    spelled.start(found.starts()[i]),
                    spelled.end(found.ends()[i] - 1));
        }
        return out.tokens();
    }
}
