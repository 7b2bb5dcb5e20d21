package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The tokens whose scores, log-probabilities, have the largest sum (Kudo 2018, <a
 * href="https://arxiv.org/abs/1804.10959">1804.10959</a>); found by Viterbi's algorithm. An unknown
 * character costs 10 more than the rarest token; neighbours of the kind become one token or, with
 * {@code byte_fallback}, their bytes. Safe for use by many threads.
 */
final class Unigram implements Algorithm {
    private static final double UNKNOWN_PENALTY = 10;

    private final Map<String, Integer> vocab;
    private final double[] scores;
    private final Trie trie = new Trie();
    private final int unknown;
    private final double unknownScore;
    private final ByteTokens bytes;

    Unigram(String[] pieces, double[] scores, int unknown, boolean byteFallback) {
        this.vocab = LinkedHashMap.newLinkedHashMap(pieces.length);
        this.scores = scores;
        this.unknown = unknown;
        double least = Double.POSITIVE_INFINITY;
        for (int id = 0; id < pieces.length; id++) {
            vocab.put(pieces[id], id);
            if (!pieces[id].isEmpty()) {
                trie.put(pieces[id], id);
            }
            least = Math.min(least, scores[id]);
        }
        this.unknownScore = least - UNKNOWN_PENALTY;
        this.bytes = byteFallback ? ByteTokens.of(vocab) : null;
    }

    /** The same with more pieces and their scores behind its own. */
    Unigram with(Map<String, Double> more) {
        List<String> pieces = new ArrayList<>(vocab.keySet());
        pieces.addAll(more.keySet());
        double[] all = Arrays.copyOf(scores, pieces.size());
        int id = scores.length;
        for (double score : more.values()) {
            all[id++] = score;
        }
        return new Unigram(pieces.toArray(String[]::new), all, unknown, bytes != null);
    }

    /** The sum of the scores of a piece's tokens. */
    double score(String piece) {
        double sum = 0;
        for (int id : tokenize(piece).ids()) {
            boolean missing = id == unknown || (bytes != null && bytes.has(id));
            sum += missing ? unknownScore : scores[id];
        }
        return sum;
    }

    /** The lowest score, on which the cost of an unknown character depends. */
    double least() {
        return unknownScore + UNKNOWN_PENALTY;
    }

    @Override
    public int unknown() {
        return unknown;
    }

    @Override
    public Map<String, Integer> vocab() {
        return vocab;
    }

    @Override
    public Tokens tokenize(String piece) {
        int n = piece.length();
        double[] best = new double[n + 1];
        int[] from = new int[n + 1];
        int[] ids = new int[n + 1];
        Arrays.fill(from, -1);
        for (int i = 0; i < n; ) {
            int next = i + Character.charCount(piece.codePointAt(i));
            if (!reach(piece, i, next, best, from, ids)) {
                double score = best[i] + unknownScore;
                if (from[next] < 0 || score > best[next]) {
                    best[next] = score;
                    from[next] = i;
                    ids[next] = known(piece);
                }
            }
            i = next;
        }
        return collect(piece, from, ids);
    }

    /** Tries the tokens from a place on; says whether the first character alone is one. */
    private boolean reach(String piece, int i, int next, double[] best, int[] from, int[] ids) {
        boolean single = false;
        int node = Trie.ROOT;
        for (int j = i; j < piece.length(); ) {
            node = trie.step(node, piece.charAt(j++));
            if (node == Trie.NONE) {
                break;
            }
            int id = trie.value(node);
            if (id != Trie.NONE) {
                double score = scores[id] + best[i];
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

    private int known(String piece) {
        if (unknown < 0) {
            throw new TokenizerException(
                    "encode: expected a text of known characters, since the tokenizer has no unk_id, got '%s'; set unk_id in tokenizer.json"
                            .formatted(piece.length() > 40 ? piece.substring(0, 40) : piece));
        }
        return unknown;
    }

    private Tokens collect(String piece, int[] from, int[] ids) {
        int count = 0;
        for (int end = piece.length(); end > 0; end = from[end]) {
            count++;
        }
        int[] ends = new int[count];
        int k = count;
        for (int end = piece.length(); end > 0; end = from[end]) {
            ends[--k] = end;
        }
        TokenList out = new TokenList(count);
        int unknownFrom = -1;
        for (int end : ends) {
            if (ids[end] == unknown) {
                unknownFrom = unknownFrom < 0 ? from[end] : unknownFrom;
                continue;
            }
            if (unknownFrom >= 0) {
                addUnknown(piece, unknownFrom, from[end], out);
                unknownFrom = -1;
            }
            out.add(ids[end], from[end], end);
        }
        if (unknownFrom >= 0) {
            addUnknown(piece, unknownFrom, piece.length(), out);
        }
        return out.tokens();
    }

    private void addUnknown(String piece, int from, int to, TokenList out) {
        Integer whole = vocab.get(piece.substring(from, to));
        if (whole != null) {
            out.add(whole, from, to);
        } else if (bytes == null || !bytes.spell(piece, from, to, out)) {
            out.add(unknown, from, to);
        }
    }

    static Unigram parse(JsonNode block) {
        JsonNode vocab = Json.list(block, "vocab");
        String[] pieces = new String[vocab.size()];
        double[] scores = new double[pieces.length];
        for (int i = 0; i < pieces.length; i++) {
            JsonNode entry = vocab.get(i);
            if (entry.size() != 2 || !entry.get(0).isString() || !entry.get(1).isNumber()) {
                throw Json.expected("vocab", "pairs of token and score", block, entry);
            }
            pieces[i] = entry.get(0).stringValue();
            scores[i] = entry.get(1).doubleValue();
        }
        JsonNode unknown = block.path("unk_id");
        boolean given = !unknown.isNull() && !unknown.isMissingNode();
        int id = given ? Json.number(block, "unk_id") : -1;
        if (id >= pieces.length) {
            throw Json.expected("unk_id", "an id below " + pieces.length, block, unknown);
        }
        return new Unigram(pieces, scores, id, Json.flag(block, "byte_fallback", false));
    }
}
