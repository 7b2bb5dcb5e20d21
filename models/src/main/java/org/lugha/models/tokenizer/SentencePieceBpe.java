package org.lugha.models.tokenizer;

import java.util.HashMap;
import java.util.Map;
import org.lugha.models.tokenizer.SentencePieceModel.Kind;

/**
 * Byte pair encoding as SentencePiece computes it: of the adjacent pairs whose text is a piece that
 * with the largest score is joined, leftmost first; unused pieces fall apart again at the end. Safe
 * for use by many threads.
 */
final class SentencePieceBpe implements Algorithm {
    private final SentencePieces pieces;
    private final boolean cutsBeforeSpaces;

    SentencePieceBpe(SentencePieces pieces) {
        this.pieces = pieces;
        this.cutsBeforeSpaces =
                pieces.inText.containsKey("" + SPACE)
                        && pieces.inText.keySet().stream().noneMatch(Bpe::hasSpaceInside);
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
    public boolean cutsBeforeSpaces() {
        return cutsBeforeSpaces;
    }

    @Override
    public Tokens tokenize(String piece) {
        return new Chain(piece).merged();
    }

    private int id(String text) {
        return pieces.inText.getOrDefault(text, -1);
    }

    private final class Chain {
        private final String text;
        private final int[] starts;
        private final int[] ends;
        private final int[] next;
        private final int[] previous;
        private final boolean[] fixed;
        private final LongHeap candidates = new LongHeap();
        private final Map<String, Integer> cutAgain = new HashMap<>();
        private int size;

        Chain(String text) {
            this.text = text;
            int n = text.length();
            starts = new int[n];
            ends = new int[n];
            next = new int[n];
            previous = new int[n];
            fixed = new boolean[n];
            for (int i = 0; i < n; ) {
                int end = pieces.own(text, i);
                fixed[size] = end > i;
                end = end > i ? end : i + Character.charCount(text.codePointAt(i));
                starts[size] = i;
                ends[size] = end;
                previous[size] = size - 1;
                next[size] = end < n ? size + 1 : -1;
                size++;
                i = end;
            }
        }

        Tokens merged() {
            for (int i = 0; i + 1 < size; i++) {
                offer(i);
            }
            while (!candidates.isEmpty()) {
                long candidate = candidates.pop();
                int at = (int) candidate;
                int id = at(at);
                if (id >= 0 && order(id) == (int) (candidate >> 32)) {
                    join(at);
                }
            }
            TokenList out = new TokenList(size);
            boolean afterUnknown = false;
            for (int i = size == 0 ? -1 : 0; i >= 0; i = next[i]) {
                afterUnknown = add(starts[i], ends[i], afterUnknown, out);
            }
            return out.tokens();
        }

        /** What a symbol and the next would make, or -1. */
        private int at(int i) {
            int right = next[i];
            return right < 0 || ends[i] == starts[i] || fixed[i] || fixed[right]
                    ? -1
                    : id(text.substring(starts[i], ends[right]));
        }

        private void offer(int i) {
            int id = at(i);
            if (id >= 0) {
                candidates.push((long) order(id) << 32 | i);
                if (pieces.kinds[id] == Kind.UNUSED) {
                    cutAgain.put(text.substring(starts[i], ends[next[i]]), ends[i] - starts[i]);
                }
            }
        }

        private void join(int i) {
            int right = next[i];
            ends[i] = ends[right];
            ends[right] = starts[right];
            next[i] = next[right];
            if (next[i] >= 0) {
                previous[next[i]] = i;
            }
            if (previous[i] >= 0) {
                offer(previous[i]);
            }
            offer(i);
        }

        /** Adds a symbol, an unused one as the two it was made of; says whether it is unknown. */
        private boolean add(int from, int to, boolean afterUnknown, TokenList out) {
            String symbol = text.substring(from, to);
            int id = pieces.inText.getOrDefault(symbol, pieces.unknown);
            Integer cut = pieces.kinds[id] == Kind.UNUSED ? cutAgain.get(symbol) : null;
            if (cut == null) {
                pieces.add(text, from, to, id, afterUnknown, out);
                return id == pieces.unknown;
            }
            boolean unknown = add(from, from + cut, afterUnknown, out);
            return add(from + cut, to, unknown, out);
        }
    }

    /** A number that is the smaller the larger the score. */
    private int order(int id) {
        int bits = Float.floatToIntBits(pieces.scores[id] + 0f); // no negative zero
        return bits < 0 ? bits & Integer.MAX_VALUE : ~bits;
    }
}
