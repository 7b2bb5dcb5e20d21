package org.lugha.models.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The edits of one line: moves are taken greedily, each time the one that lowers the edit distance
 * most, until none lowers it; what remains is the edit distance. Which moves are tried, and which
 * of equally good ones is taken, is Tercom's (Snover et al. 2006, section 2.2) with sacrebleu's
 * limits.
 */
final class TerEdits {
    private static final int LONGEST_MOVE = 10;
    private static final int FARTHEST_MOVE = 50;
    private static final int MOST_TRIED = 1000;

    private final int[] reference;
    private final BeamDistance distance;
    private EditPath path;
    private int tried;
    private Move best;

    /** A run of words that goes elsewhere, and how much shorter the edit distance is then. */
    private record Move(int gain, int length, int from, int to, int[] words) {
        /** A greater gain, then a longer run, then one further ahead, then a nearer target. */
        boolean isBetterThan(Move o) {
            if (o == null || gain != o.gain) {
                return o == null || gain > o.gain;
            }
            if (length != o.length) {
                return length > o.length;
            }
            return from != o.from ? from < o.from : to < o.to;
        }
    }

    private TerEdits(int[] hypothesis, int[] reference) {
        this.reference = reference;
        distance = new BeamDistance(reference, hypothesis.length);
        path = distance.path(hypothesis);
    }

    /** The fewest edits that are found. */
    static int count(List<String> hypothesis, List<String> reference) {
        if (reference.isEmpty()) {
            return hypothesis.size();
        }
        Map<String, Integer> ids = new HashMap<>();
        return new TerEdits(numbers(hypothesis, ids), numbers(reference, ids)).count();
    }

    private static int[] numbers(List<String> words, Map<String, Integer> ids) {
        return words.stream()
                .mapToInt(w -> {
                    Integer known = ids.putIfAbsent(w, ids.size());
                    return known == null ? ids.size() - 1 : known;
                })
                .toArray();
    }

    private int count() {
        int moves = 0;
        while (true) {
            best = null;
            tryMoves();
            if (tried >= MOST_TRIED || best == null || best.gain <= 0) {
                return moves + path.distance();
            }
            moves++;
            path = distance.path(best.words);
        }
    }

    /** Every run of words that both sides have. */
    private void tryMoves() {
        int[] words = path.words();
        for (int h = 0; h < words.length; h++) {
            int last = Math.min(reference.length - 1, h + FARTHEST_MOVE);
            for (int r = Math.max(0, h - FARTHEST_MOVE); r <= last; r++) {
                int most = Math.min(LONGEST_MOVE, Math.min(words.length - h, reference.length - r));
                for (int n = 0; n < most && words[h + n] == reference[r + n]; n++) {
                    if (isWorthMoving(h, r, n + 1)) {
                        tryTargets(h, r, n + 1);
                        if (tried >= MOST_TRIED) {
                            return;
                        }
                    }
                }
            }
        }
    }

    /** Wrong where it is, missed where it goes, and not aligned with a part of itself. */
    private boolean isWorthMoving(int from, int to, int length) {
        int aligned = path.aligned(to);
        return path.isWrong(from, length)
                && path.isMissed(to, length)
                && (aligned < from || aligned >= from + length);
    }

    /** Before the words that the run matches, or behind any of them, as they are aligned now. */
    private void tryTargets(int from, int to, int length) {
        int before = -1;
        for (int i = to - 1; i < to + length; i++) {
            int target = i < 0 ? 0 : path.aligned(i) + 1;
            if (target != before) {
                before = target;
                int[] moved = moved(path.words(), from, length, target);
                int gain = path.distance() - distance.of(moved, path);
                Move move = new Move(gain, length, from, target, moved);
                best = move.isBetterThan(best) ? move : best;
                tried++;
            }
        }
    }

    /**
     * Words with {@code length} of them from {@code from} on moved before the word that is at
     * {@code target}; a target within the run, or just behind it, counts from the run's begin among
     * the words that remain.
     */
    static int[] moved(int[] words, int from, int length, int target) {
        int[] moved = new int[words.length];
        int to = target < from ? target : target > from + length ? target - length : target;
        to = Math.min(to, words.length - length);
        System.arraycopy(words, from, moved, to, length);
        for (int i = 0, j = 0; i < words.length; i++) {
            if (i < from || i >= from + length) {
                j = j == to ? to + length : j;
                moved[j++] = words[i];
            }
        }
        return moved;
    }
}
