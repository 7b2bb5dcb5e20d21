package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Byte pair encoding: a piece starts as single characters; the adjacent pair whose merge was
 * learned first is joined, leftmost first, until no pair is known. Safe for use by many threads.
 */
final class Bpe implements Algorithm {
    private static final int LONGEST_CACHED = 64;
    private static final int CACHED = 1 << 16;

    private final Map<String, Integer> vocab;
    private final PairTable merges;
    private final boolean ignoreMerges;
    private final int unknown;
    private final boolean fuseUnknown;
    private final int[] single = new int[0x400];
    private final Map<String, Tokens> cache = new ConcurrentHashMap<>();

    Bpe(
            Map<String, Integer> vocab,
            List<String[]> merges,
            boolean ignoreMerges,
            String unknown,
            boolean fuseUnknown) {
        this.vocab = vocab;
        this.ignoreMerges = ignoreMerges;
        this.fuseUnknown = fuseUnknown;
        this.unknown = unknown == null ? -1 : idOf(unknown, "unk_token");
        this.merges = new PairTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String[] m = merges.get(rank);
            long pair = PairTable.pair(idOf(m[0], "merge"), idOf(m[1], "merge"));
            this.merges.put(pair, (long) rank << 32 | idOf(m[0] + m[1], "merge"));
        }
        for (int c = 0; c < single.length; c++) {
            single[c] = vocab.getOrDefault(String.valueOf((char) c), -1);
        }
    }

    private int idOf(String token, String what) {
        Integer id = vocab.get(token);
        if (id == null) {
            throw new TokenizerException(
                    "tokenizer.json: expected the %s '%s' in the vocabulary, it is not there; is the file complete?"
                            .formatted(what, token));
        }
        return id;
    }

    @Override
    public Map<String, Integer> vocab() {
        return vocab;
    }

    @Override
    public Tokens tokenize(String piece) {
        if (piece.length() > LONGEST_CACHED) {
            return merge(piece);
        }
        Tokens known = cache.get(piece);
        if (known == null) {
            known = merge(piece);
            if (cache.size() >= CACHED) {
                cache.clear();
            }
            cache.put(piece, known);
        }
        return known;
    }

    private Tokens merge(String piece) {
        Integer whole = ignoreMerges ? vocab.get(piece) : null;
        if (whole != null) {
            return new Tokens(new int[] {whole}, new int[] {piece.length()});
        }
        return new Chain(piece).merged();
    }

    /**
     * The symbols of one piece as a linked list; a symbol that was joined to its left has id -1.
     */
    private final class Chain {
        private final int[] ids;
        private final int[] ends;
        private final int[] next;
        private final int[] previous;
        private final LongHeap candidates = new LongHeap();
        private int size;

        Chain(String piece) {
            ids = new int[piece.length()];
            ends = new int[piece.length()];
            next = new int[piece.length()];
            previous = new int[piece.length()];
            for (int i = 0; i < piece.length(); ) {
                int width = Character.charCount(piece.codePointAt(i));
                append(symbol(piece, i, width), i + width);
                i += width;
            }
            for (int i = 0; i < size; i++) {
                previous[i] = i - 1;
                next[i] = i + 1 < size ? i + 1 : -1;
            }
        }

        private int symbol(String piece, int i, int width) {
            char c = piece.charAt(i);
            return c < single.length
                    ? single[c]
                    : vocab.getOrDefault(piece.substring(i, i + width), -1);
        }

        private void append(int id, int end) {
            if (id < 0 && unknown < 0) {
                return; // as the reference does: no unknown token, no trace of the character
            }
            if (id < 0 && fuseUnknown && size > 0 && ids[size - 1] == unknown) {
                ends[size - 1] = end;
                return;
            }
            ids[size] = id < 0 ? unknown : id;
            ends[size++] = end;
        }

        Tokens merged() {
            for (int i = 0; i + 1 < size; i++) {
                offer(i);
            }
            while (!candidates.isEmpty()) {
                long candidate = candidates.pop();
                int at = (int) candidate;
                long found = at(at);
                if (found != PairTable.NONE && found >>> 32 == candidate >>> 32) {
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
            int n = 0;
            for (int i = 0; i < size; i++) {
                if (ids[i] >= 0) {
                    ids[n] = ids[i];
                    ends[n++] = ends[i];
                }
            }
            return new Tokens(Arrays.copyOf(ids, n), Arrays.copyOf(ends, n));
        }
    }

    static Bpe parse(JsonNode block) {
        for (String option : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!block.path(option).asString("").isEmpty()) {
                throw Json.unsupported("BPE option", option);
            }
        }
        if (Json.flag(block, "byte_fallback", false)) {
            throw Json.unsupported("BPE option", "byte_fallback");
        }
        if (block.path("dropout").isNumber() && block.path("dropout").doubleValue() != 0) {
            throw Json.unsupported("BPE option", "dropout");
        }
        Map<String, Integer> vocab = new HashMap<>();
        block.path("vocab").forEachEntry((token, id) -> vocab.put(token, id.intValue()));
        List<String[]> merges = new ArrayList<>();
        block.path("merges").forEach(m -> merges.add(pair(m)));
        JsonNode unknown = block.path("unk_token");
        return new Bpe(
                vocab,
                merges,
                Json.flag(block, "ignore_merges", false),
                unknown.isString() ? unknown.stringValue() : null,
                Json.flag(block, "fuse_unk", false));
    }

    /** Files have "a b" or, since spaces may be in tokens, ["a","b"]. */
    private static String[] pair(JsonNode merge) {
        if (merge.isString()) {
            String s = merge.stringValue();
            int space = s.indexOf(' ');
            if (space >= 0 && space == s.lastIndexOf(' ')) {
                return new String[] {s.substring(0, space), s.substring(space + 1)};
            }
        } else if (merge.size() == 2 && merge.get(0).isString() && merge.get(1).isString()) {
            return new String[] {merge.get(0).stringValue(), merge.get(1).stringValue()};
        }
        throw new TokenizerException(
                "tokenizer.json: expected a merge as \"a b\" or [\"a\",\"b\"], got %s; is the file complete?"
                        .formatted(Json.brief(merge)));
    }
}
