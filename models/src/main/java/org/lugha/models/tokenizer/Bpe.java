package org.lugha.models.tokenizer;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Byte pair encoding (Sennrich et al. 2016, <a
 * href="https://arxiv.org/abs/1508.07909">1508.07909</a>): a piece starts as single characters; the
 * adjacent pair whose merge was learned first is joined, leftmost first, until no pair is known.
 * Safe for use by many threads.
 */
final class Bpe implements Algorithm {
    private final Map<String, Integer> vocab;
    private final PairTable merges;
    private final int[] made;
    private final boolean ignoreMerges;
    private final BpeSymbols symbols;
    private final boolean cutsBeforeSpaces;

    Bpe(
            Map<String, Integer> vocab,
            List<String[]> merges,
            boolean ignoreMerges,
            BpeSymbols symbols) {
        this.vocab = vocab;
        this.ignoreMerges = ignoreMerges;
        this.symbols = symbols;
        this.merges = new PairTable(merges.size());
        this.made = new int[merges.size()];
        int prefix = symbols.prefix().length();
        boolean cuts = symbols.isPlain() && !ignoreMerges && vocab.containsKey("" + SPACE);
        for (int rank = 0; rank < made.length; rank++) {
            String[] m = merges.get(rank);
            if (m[1].length() < prefix) {
                throw missing("merge", m[1] + "' with its prefix '" + symbols.prefix());
            }
            String joined = m[0] + m[1].substring(prefix);
            long pair = PairTable.pair(idOf(m[0], "merge"), idOf(m[1], "merge"));
            made[rank] = idOf(joined, "merge");
            this.merges.put(pair, (long) rank << 32 | made[rank]);
            cuts = cuts && !hasSpaceInside(joined);
        }
        this.cutsBeforeSpaces = cuts;
    }

    static boolean hasSpaceInside(String token) {
        for (int i = token.lastIndexOf(SPACE); i > 0; i = token.lastIndexOf(SPACE, i - 1)) {
            if (token.charAt(i - 1) != SPACE) {
                return true;
            }
        }
        return false;
    }

    private int idOf(String token, String what) {
        Integer id = vocab.get(token);
        if (id == null) {
            throw missing(what, token);
        }
        return id;
    }

    static TokenizerException missing(String what, String token) {
        return new TokenizerException(
                "tokenizer.json: expected the %s '%s' in the vocabulary, it is not there; is the file complete?"
                        .formatted(what, token));
    }

    @Override
    public int unknown() {
        return symbols.unknown();
    }

    @Override
    public Map<String, Integer> vocab() {
        return vocab;
    }

    /** Whether a character is spelled the same wherever it stands. */
    boolean isPlain() {
        return symbols.isPlain();
    }

    @Override
    public boolean cutsBeforeSpaces() {
        return cutsBeforeSpaces;
    }

    @Override
    public Tokens tokenize(String piece) {
        Integer whole = ignoreMerges ? vocab.get(piece) : null;
        if (whole != null) {
            return Tokens.one(whole, piece.length());
        }
        return new Chain(symbols.of(piece)).merged();
    }

    /**
     * The symbols of one piece as a linked list; a symbol that was joined to its left has id -1.
     */
    private final class Chain {
        private final int[] ids;
        private final int[] starts;
        private final int[] ends;
        private final int[] next;
        private final int[] previous;
        private final LongHeap candidates;

        Chain(Tokens singles) {
            ids = singles.ids();
            starts = singles.starts();
            ends = singles.ends();
            next = new int[ids.length];
            previous = new int[ids.length];
            candidates = new LongHeap();
            for (int i = 0; i < ids.length; i++) {
                previous[i] = i - 1;
                next[i] = i + 1 < ids.length ? i + 1 : -1;
            }
        }

        Tokens merged() {
            for (int i = 0; i + 1 < ids.length; i++) {
                offer(i);
            }
            while (!candidates.isEmpty()) {
                long candidate = candidates.pop();
                int at = (int) candidate;
                long found = at(at);
                // As in the reference: another pair may have come here that makes the same token.
                if (found != PairTable.NONE && (int) found == made[(int) (candidate >>> 32)]) {
                    join(at, (int) found);
                }
            }
            return tokens();
        }

        /** The merge of a symbol with the next, as rank and id, or NONE. */
        private long at(int i) {
            return ids[i] < 0 || next[i] < 0
                    ? PairTable.NONE
                    : merges.get(PairTable.pair(ids[i], ids[next[i]]));
        }

        private void offer(int i) {
            long found = at(i);
            if (found != PairTable.NONE) {
                candidates.push((found >>> 32) << 32 | i);
            }
        }

        private void join(int i, int id) {
            int right = next[i];
            ids[i] = id;
            ends[i] = ends[right];
            ids[right] = -1;
            next[i] = next[right];
            if (next[i] >= 0) {
                previous[next[i]] = i;
            }
            offer(i);
            if (previous[i] >= 0) {
                offer(previous[i]);
            }
        }

        private Tokens tokens() {
            TokenList out = new TokenList(ids.length);
            for (int i = 0; i < ids.length; i++) {
                if (ids[i] >= 0) {
                    out.add(ids[i], starts[i], ends[i]);
                }
            }
            return out.tokens();
        }
    }

    static Bpe parse(JsonNode block) {
        return BpeBlock.parse(block);
    }
}
