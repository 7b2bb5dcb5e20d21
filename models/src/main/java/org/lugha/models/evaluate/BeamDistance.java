package org.lugha.models.evaluate;

import java.util.Arrays;

/**
 * Levenshtein's distance between hypotheses of one length and a reference, within a band around the
 * diagonal from the first words to the last. Of equally cheap ways a match or replacement comes
 * before a word that is too much, and that before one that is missed.
 */
final class BeamDistance {
    static final byte SAME = 0;
    static final byte REPLACED = 1;
    static final byte EXCESS = 2;
    static final byte MISSED = 3;

    /** More than any distance, and far from overflowing. */
    private static final int FAR = Integer.MAX_VALUE / 2;

    private static final int WIDTH = 25;

    private final int[] reference;
    private final int words;
    private final double slope;
    private final int width;

    BeamDistance(int[] reference, int words) {
        this.reference = reference;
        this.words = words;
        slope = words == 0 ? 1 : (double) reference.length / words;
        width = WIDTH < slope / 2 ? (int) Math.ceil(slope / 2 + WIDTH) : WIDTH;
    }

    /** The distance with the way it is come to. */
    EditPath path(int[] hypothesis) {
        int[][] costs = new int[words + 1][];
        byte[][] steps = new byte[words + 1][reference.length + 1];
        costs[0] = first();
        Arrays.fill(steps[0], MISSED);
        for (int i = 1; i <= words; i++) {
            costs[i] = new int[reference.length + 1];
            fill(i, hypothesis[i - 1], costs[i - 1], costs[i], steps[i]);
        }
        return EditPath.of(hypothesis, costs, steps);
    }

    /** The distance alone; rows of words that are those of a known path are taken from there. */
    int of(int[] hypothesis, EditPath known) {
        int same = Math.max(0, Arrays.mismatch(hypothesis, known.words()));
        int[] above = known.costs()[same];
        int[] row = new int[above.length];
        int[] other = new int[above.length];
        for (int i = same + 1; i <= words; i++) {
            fill(i, hypothesis[i - 1], above, row, null);
            above = row;
            row = other;
            other = above;
        }
        return above[reference.length];
    }

    private int[] first() {
        int[] row = new int[reference.length + 1];
        Arrays.setAll(row, j -> j);
        return row;
    }

    private void fill(int i, int word, int[] above, int[] row, byte[] steps) {
        Arrays.fill(row, FAR);
        int diagonal = (int) Math.floor(i * slope);
        int from = Math.max(0, diagonal - width);
        int to = i == words ? row.length : Math.min(row.length, diagonal + width);
        for (int j = from; j < to; j++) {
            boolean same = j > 0 && word == reference[j - 1];
            int cost = j == 0 ? FAR : above[j - 1] + (same ? 0 : 1);
            byte step = same ? SAME : REPLACED;
            if (above[j] + 1 < cost) {
                cost = above[j] + 1;
                step = EXCESS;
            }
            if (j > 0 && row[j - 1] + 1 < cost) {
                cost = row[j - 1] + 1;
                step = MISSED;
            }
            row[j] = Math.min(cost, FAR);
            if (steps != null) {
                steps[j] = step;
            }
        }
    }
}
