package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Chooses the pieces of a Unigram vocabulary by expectation maximization (Kudo 2018, <a
 * href="https://arxiv.org/abs/1804.10959">1804.10959</a>): twice, expected counts give new
 * log-probabilities, made sparse by digamma; then the quarter of the pieces goes whose absence
 * costs the likelihood least. Expected counts are whole multiples of a small fraction: their sums
 * are the same in any order and on any number of threads.
 */
final class UnigramLearner {
    private static final int SEEDS = 1_000_000;
    private static final int ROUNDS = 2;
    private static final double LEAST_EXPECTED = 0.5;
    private static final double KEPT = 0.75;
    private static final double SPARE = 1.1;
    private static final int AT_ONCE = 1 << 10;

    private final CountedText text;
    private final int threads;
    private final double units;
    private String[] pieces;
    private double[] scores;
    private PieceTrie trie;

    /** What a thread does with a word, or a piece, by its number. */
    private interface Visitor {
        void visit(int number, PieceLattice lattice, long[] sums);
    }

    UnigramLearner(CountedText text, int longest, int threads) {
        this.text = text;
        this.threads = threads;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(text.total());
        this.units = Math.scalb(1.0, Math.min(30, 61 - bits));
        var seeds = SeedPieces.of(text, longest, SEEDS, threads);
        this.pieces = seeds.pieces();
        this.scores = seeds.scores();
        double sum = Math.log(Arrays.stream(scores).sum());
        Arrays.setAll(scores, i -> Math.log(scores[i]) - sum);
    }

    /** Leaves so many pieces, or as many as there are; all single characters are among them. */
    void learn(int wanted, IntConsumer progress) {
        int most = (int) (SPARE * wanted);
        while (true) {
            for (int round = 0; round < ROUNDS; round++) {
                trie = new PieceTrie(pieces);
                maximize(expected());
            }
            progress.accept(pieces.length);
            if (pieces.length <= most) {
                break;
            }
            trie = new PieceTrie(pieces);
            prune(Math.max(most, (int) (KEPT * pieces.length)));
        }
        double[] order = scores.clone();
        Arrays.setAll(order, i -> isSingle(i) ? Double.POSITIVE_INFINITY : order[i]);
        keep(Largest.of(order, wanted));
    }

    String[] pieces() {
        return pieces;
    }

    double[] scores() {
        return scores;
    }

    private boolean isSingle(int piece) {
        return pieces[piece].length() == 1;
    }

    private long[] expected() {
        return visit(
                text.words(),
                (w, lattice, sums) -> {
                    lattice.read(text.symbols(), text.start(w), text.end(w), trie, scores, -1);
                    lattice.expect(text.count(w) * units, sums);
                });
    }

    private long[] visit(int count, Visitor visitor) {
        List<long[]> sums = new ArrayList<>();
        Parallel.forEach(
                threads,
                (count + AT_ONCE - 1) / AT_ONCE,
                () -> {
                    PieceLattice lattice = new PieceLattice();
                    long[] own = new long[pieces.length];
                    synchronized (sums) {
                        sums.add(own);
                    }
                    return part -> {
                        int from = part * AT_ONCE;
                        for (int i = from; i < from + Math.min(AT_ONCE, count - from); i++) {
                            visitor.visit(i, lattice, own);
                        }
                    };
                });
        long[] sum = new long[pieces.length];
        for (long[] own : sums) {
            Arrays.setAll(sum, i -> sum[i] + own[i]);
        }
        return sum;
    }

    /** New log-probabilities of what is expected often enough; the rest is left out. */
    private void maximize(long[] expected) {
        boolean[] kept = new boolean[pieces.length];
        double sum = 0;
        for (int i = 0; i < kept.length; i++) {
            double count = expected[i] / units;
            kept[i] = isSingle(i) || count >= LEAST_EXPECTED;
            scores[i] = Math.max(LEAST_EXPECTED, count);
            sum += kept[i] ? scores[i] : 0;
        }
        keep(kept);
        double all = digamma(sum);
        Arrays.setAll(scores, i -> digamma(scores[i]) - all);
    }

    /**
     * Keeps the pieces without which the text would be least likely: how often a piece is on the
     * best way, times what its best replacement costs.
     */
    private void prune(int most) {
        long[] counts =
                visit(
                        text.words(),
                        (w, lattice, sums) -> {
                            lattice.read(
                                    text.symbols(), text.start(w), text.end(w), trie, scores, -1);
                            lattice.count(text.count(w), sums);
                        });
        long sum = Arrays.stream(counts).sum();
        double[] losses = new double[pieces.length];
        visit(pieces.length, (p, lattice, _) -> losses[p] = loss(p, lattice, counts, sum));
        keep(Largest.of(losses, most));
    }

    private double loss(int piece, PieceLattice lattice, long[] counts, long sum) {
        char[] own = pieces[piece].toCharArray();
        if (own.length == 1) {
            return Double.POSITIVE_INFINITY;
        }
        lattice.read(own, 0, own.length, trie, scores, piece);
        if (lattice.score() > scores[piece]) {
            return Double.NEGATIVE_INFINITY;
        }
        if (counts[piece] == 0) {
            return 0;
        }
        int[] others = lattice.path();
        double with = Math.log((double) counts[piece]) - Math.log((double) sum);
        double all = Math.log(sum + (double) counts[piece] * (others.length - 1));
        double without = 0;
        for (int other : others) {
            without += Math.log((double) counts[other] + counts[piece]) - all;
        }
        return counts[piece] * (with - without);
    }

    private void keep(boolean[] kept) {
        int n = 0;
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                pieces[n] = pieces[i];
                scores[n++] = scores[i];
            }
        }
        pieces = Arrays.copyOf(pieces, n);
        scores = Arrays.copyOf(scores, n);
    }

    /** The derivative of the logarithm of the gamma function, by its asymptotic series. */
    static double digamma(double x) {
        double below = 0;
        double y = x;
        for (; y < 7; y++) {
            below -= 1 / y;
        }
        double z = y - 0.5;
        double square = 1 / (z * z);
        double series = square * (1 / 24.0 + square * (-7 / 960.0 + square * (31 / 8064.0)));
        return below + Math.log(z) + series;
    }
}
