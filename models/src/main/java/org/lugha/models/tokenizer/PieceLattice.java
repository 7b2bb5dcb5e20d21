package org.lugha.models.tokenizer;

import java.util.Arrays;

/**
 * All ways to make a word of pieces, whose scores are log-probabilities: the best way, and how
 * often each piece is to be expected over all ways, by forward and backward sums. Sums are taken
 * relative to the best way to each place, so that nothing overflows and one exponential a piece is
 * enough. For one thread.
 */
final class PieceLattice {
    private double[] best = new double[0];
    private double[] forward = new double[0];
    private double[] backward = new double[0];
    private int[] bestEdge = new int[0];
    private int[] from = new int[256];
    private int[] to = new int[256];
    private int[] pieces = new int[256];
    private double[] weights = new double[256];
    private int edges;
    private int length;

    /**
     * Finds the pieces of a word and the best way.
     *
     * @param without a piece that must not be taken, or -1
     */
    void read(char[] text, int begin, int end, PieceTrie trie, double[] scores, int without) {
        length = end - begin;
        if (best.length <= length) {
            best = new double[2 * length + 1];
            forward = new double[2 * length + 1];
            backward = new double[2 * length + 1];
            bestEdge = new int[2 * length + 1];
        }
        Arrays.fill(best, 1, length + 1, Double.NEGATIVE_INFINITY);
        best[0] = 0;
        edges = 0;
        for (int i = 0; i < length; i++) {
            int node = PieceTrie.ROOT;
            for (int j = i; j < length; j++) {
                node = trie.step(node, text[begin + j]);
                if (node == PieceTrie.NONE) {
                    break;
                }
                int piece = trie.piece(node);
                if (piece != PieceTrie.NONE && piece != without) {
                    edge(i, j + 1, piece, scores[piece]);
                }
            }
        }
    }

    private void edge(int i, int j, int piece, double score) {
        if (edges == from.length) {
            from = Arrays.copyOf(from, 2 * edges);
            to = Arrays.copyOf(to, 2 * edges);
            pieces = Arrays.copyOf(pieces, 2 * edges);
            weights = Arrays.copyOf(weights, 2 * edges);
        }
        from[edges] = i;
        to[edges] = j;
        pieces[edges] = piece;
        weights[edges] = score;
        if (best[i] + score > best[j]) {
            best[j] = best[i] + score;
            bestEdge[j] = edges;
        }
        edges++;
    }

    /** The log-probability of the best way. */
    double score() {
        return best[length];
    }

    /** Adds how often each piece is to be expected, times a factor. */
    void expect(double times, long[] into) {
        Arrays.fill(forward, 1, length + 1, 0);
        Arrays.fill(backward, 0, length, 0);
        forward[0] = 1;
        backward[length] = 1;
        for (int e = 0; e < edges; e++) {
            double weight = Math.exp(best[from[e]] + weights[e] - best[to[e]]);
            weights[e] = weight;
            forward[to[e]] += forward[from[e]] * weight;
        }
        double scale = times / forward[length];
        for (int e = edges - 1; e >= 0; e--) {
            double behind = weights[e] * backward[to[e]];
            backward[from[e]] += behind;
            into[pieces[e]] += (long) (forward[from[e]] * behind * scale + 0.5);
        }
    }

    /** Counts the pieces of the best way. */
    void count(long times, long[] into) {
        for (int at = length; at > 0; at = from[bestEdge[at]]) {
            into[pieces[bestEdge[at]]] += times;
        }
    }

    /** The pieces of the best way, last first. */
    int[] path() {
        int[] path = new int[length];
        int n = 0;
        for (int at = length; at > 0; at = from[bestEdge[at]]) {
            path[n++] = pieces[bestEdge[at]];
        }
        return Arrays.copyOf(path, n);
    }
}
