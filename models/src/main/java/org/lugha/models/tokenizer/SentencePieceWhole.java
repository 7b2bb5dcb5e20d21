package org.lugha.models.tokenizer;

import java.util.Map;

/**
 * SentencePiece's models of type word and char: a word with the space before it is one piece (also
 * where white space is a suffix), or every character is; what the model lacks is unknown. Safe for
 * use by many threads.
 */
record SentencePieceWhole(SentencePieces pieces, boolean words) implements Algorithm {
    @Override
    public Map<String, Integer> vocab() {
        return pieces.all;
    }

    @Override
    public int unknown() {
        return pieces.unknown;
    }

    @Override
    public Tokens tokenize(String piece) {
        TokenList out = new TokenList(piece.length());
        boolean afterUnknown = false;
        for (int i = 0; i < piece.length(); ) {
            int end = words ? wordEnd(piece, i) : characterEnd(piece, i);
            int id = pieces.all.getOrDefault(piece.substring(i, end), pieces.unknown);
            pieces.add(piece, i, end, id, afterUnknown, out);
            afterUnknown = id == pieces.unknown;
            i = end;
        }
        return out.tokens();
    }

    private int wordEnd(String piece, int from) {
        int space = piece.indexOf(SPACE, from + 1);
        return space < 0 ? piece.length() : space;
    }

    /** User defined pieces go before characters. */
    private int characterEnd(String piece, int from) {
        int own = pieces.own(piece, from);
        return own > from ? own : from + Character.charCount(piece.codePointAt(from));
    }
}
