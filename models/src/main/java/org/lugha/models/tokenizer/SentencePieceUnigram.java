package org.lugha.models.tokenizer;

import java.util.Arrays;
import java.util.Map;
import org.lugha.models.tokenizer.SentencePieceModel.Kind;

/**
 * Unigram as SentencePiece itself computes it: over a whole text, with sums in F32, and user
 * defined pieces scored so that they always win. Safe for use by many threads.
 */
final class SentencePieceUnigram implements Algorithm {
    private static final float UNKNOWN_PENALTY = 10;

    private final SentencePieces pieces;
    private final Trie trie = new Trie();
    private final float unknownScore;
    private final float largest;

    SentencePieceUnigram(SentencePieces pieces) {
        this.pieces = pieces;
        float least = Float.MAX_VALUE;
        float most = Float.MIN_NORMAL;
        for (int id = 0; id < pieces.kinds.length; id++) {
            if (pieces.kinds[id] == Kind.NORMAL) {
                least = Math.min(least, pieces.scores[id]);
                most = Math.max(most, pieces.scores[id]);
            }
        }
        unknownScore = least - UNKNOWN_PENALTY;
        largest = most;
        pieces.inText.forEach((text, id) -> {
            if (pieces.kinds[id] != Kind.UNUSED) {
                trie.put(text, id);
            }
        });
    }

    @Override
    public int unknown() {
        return pieces.unknown;
    }

    @Override
    public Map<String, Integer> vocab() {
        return pieces.all;
    }

    @Override
    public Tokens tokenize(String piece) {
        int n = piece.length();
        float[] best = new float[n + 1];
        int[] from = new int[n + 1];
        int[] ids = new int[n + 1];
        Arrays.fill(from, -1);
        for (int i = 0; i < n; ) {
            int next = i + Character.charCount(piece.codePointAt(i));
            if (!reach(piece, i, next, best, from, ids)) {
                float score = unknownScore + best[i];
                if (from[next] < 0 || score > best[next]) {
                    best[next] = score;
                    from[next] = i;
                    ids[next] = pieces.unknown;
                }
            }
            i = next;
        }
        return collect(piece, from, ids);
    }

    private boolean reach(String piece, int i, int next, float[] best, int[] from, int[] ids) {
        boolean single = false;
        int node = Trie.ROOT;
        for (int j = i; j < piece.length(); ) {
            node = trie.step(node, piece.charAt(j++));
            if (node == Trie.NONE) {
                break;
            }
            int id = trie.value(node);
            if (id != Trie.NONE) {
                float score = score(piece, id, i, j) + best[i];
                if (from[j] < 0 || score > best[j]) {
                    best[j] = score;
                    from[j] = i;
                    ids[j] = id;
                }
                single |= j == next;
            }
        }
        return single;
    }

    private float score(String piece, int id, int from, int to) {
        if (pieces.kinds[id] != Kind.USER_DEFINED) {
            return pieces.scores[id];
        }
        int bytes = 0;
        for (int i = from; i < to; ) {
            int c = piece.codePointAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
        }
        return bytes * largest - 0.1f;
    }

    private Tokens collect(String piece, int[] from, int[] ids) {
        int[] ends = new int[piece.length()];
        int count = 0;
        for (int end = piece.length(); end > 0; end = from[end]) {
            ends[count++] = end;
        }
        TokenList out = new TokenList(count);
        boolean afterUnknown = false;
        for (int k = count - 1; k >= 0; k--) {
            int end = ends[k];
            pieces.add(piece, from[end], end, ids[end], afterUnknown, out);
            afterUnknown = ids[end] == pieces.unknown;
        }
        return out.tokens();
    }
}
