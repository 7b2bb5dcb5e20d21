package org.lugha.models.tokenizer;

import java.util.Arrays;
import java.util.Map;

/**
 * The tokens that byte pair encoding starts from: every character, with the prefix that marks all
 * but the first and the suffix that marks the last; an unknown one becomes its bytes or the unknown
 * token, or is left out where there is none.
 */
final class BpeSymbols {
    private final Map<String, Integer> vocab;
    private final String prefix;
    private final String suffix;
    private final ByteTokens bytes;
    private final int unknown;
    private final boolean fuseUnknown;
    private final int[] single = new int[1 << 16];

    BpeSymbols(
            Map<String, Integer> vocab,
            String prefix,
            String suffix,
            boolean byteFallback,
            String unknown,
            boolean fuseUnknown) {
        this.vocab = vocab;
        this.prefix = prefix;
        this.suffix = suffix;
        this.bytes = byteFallback ? ByteTokens.of(vocab) : null;
        if (unknown != null && !vocab.containsKey(unknown)) {
            throw Bpe.missing("unk_token", unknown);
        }
        this.unknown = unknown == null ? -1 : vocab.get(unknown);
        this.fuseUnknown = fuseUnknown;
        Arrays.fill(single, -1);
        vocab.forEach((token, id) -> {
            if (token.length() == 1) {
                single[token.charAt(0)] = id;
            }
        });
    }

    int unknown() {
        return unknown;
    }

    String prefix() {
        return prefix;
    }

    /** Whether a character is spelled the same wherever it stands. */
    boolean isPlain() {
        return prefix.isEmpty() && suffix.isEmpty();
    }

    Algorithm.Tokens of(String piece) {
        int n = piece.length();
        TokenList out = new TokenList(n);
        int unknownFrom = -1;
        int unknownTo = -1;
        for (int i = 0; i < n; ) {
            char c = piece.charAt(i);
            int next = i + (Character.isSurrogate(c) ? width(piece, i) : 1);
            String spelled = isPlain() ? null : spelled(piece, i, next);
            int id = spelled != null ? id(spelled) : id(piece, i, next);
            if (id >= 0) {
                addUnknown(unknownFrom, unknownTo, out);
                unknownFrom = -1;
                out.add(id, i, next);
            } else if (!spellBytes(spelled, piece, i, next, out) && unknown >= 0) {
                if (unknownFrom >= 0 && !fuseUnknown) {
                    addUnknown(unknownFrom, unknownTo, out);
                    unknownFrom = -1;
                }
                unknownFrom = unknownFrom < 0 ? i : unknownFrom;
                unknownTo = next;
            }
            i = next;
        }
        addUnknown(unknownFrom, unknownTo, out);
        return out.tokens();
    }

    private static int width(String piece, int i) {
        return Character.charCount(piece.codePointAt(i));
    }

    private void addUnknown(int from, int to, TokenList out) {
        if (from >= 0) {
            out.add(unknown, from, to);
        }
    }

    private String spelled(String piece, int from, int to) {
        return (from > 0 ? prefix : "")
                + piece.substring(from, to)
                + (to == piece.length() ? suffix : "");
    }

    private int id(String token) {
        return vocab.getOrDefault(token, -1);
    }

    private int id(String piece, int from, int to) {
        return to - from == 1 ? single[piece.charAt(from)] : id(piece.substring(from, to));
    }

    /** Affixes are spelled along with the character. */
    private boolean spellBytes(String spelled, String piece, int from, int to, TokenList out) {
        if (bytes == null) {
            return false;
        }
        if (spelled == null) {
            return bytes.spell(piece, from, to, out);
        }
        TokenList own = new TokenList(8);
        boolean all = bytes.spell(spelled, 0, spelled.length(), own);
        if (all) {
            for (int id : own.tokens().ids()) {
                out.add(id, from, to);
            }
        }
        return all;
    }
}
