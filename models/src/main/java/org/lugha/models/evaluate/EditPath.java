package org.lugha.models.evaluate;

import java.util.Arrays;

/**
 * How a hypothesis becomes its reference.
 *
 * @param costs rows of {@link BeamDistance}, by words of the hypothesis
 * @param alignment by word of the reference, the hypothesis' word that stands for it, or where it
 *     is missed the one before it, or -1
 * @param wrong words of the hypothesis that are replaced or too much
 * @param missed words of the reference that are replaced or missed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EditPath(int[] words, int[][] costs, int[] alignment, boolean[] wrong, boolean[] missed) {

    /** Follows the steps back from the end. */
    static EditPath of(int[] words, int[][] costs, byte[][] steps) {
        int i = words.length;
        int j = costs[0].length - 1;
        int[] alignment = new int[j];
        boolean[] wrong = new boolean[i];
        boolean[] missed = new boolean[j];
        while (i > 0 || j > 0) {
            byte step = steps[i][j];
            if (step != BeamDistance.EXCESS) {
                alignment[j - 1] = i - 1;
                missed[j - 1] = step != BeamDistance.SAME;
            }
            if (step != BeamDistance.MISSED) {
                wrong[i - 1] = step != BeamDistance.SAME;
                i--;
            }
            j -= step == BeamDistance.EXCESS ? 0 : 1;
        }
        return new EditPath(words, costs, alignment, wrong, missed);
    }

    int distance() {
        return costs[words.length][alignment.length];
    }

    int aligned(int referenceWord) {
        return alignment[referenceWord];
    }

    boolean isWrong(int from, int length) {
        return any(wrong, from, length);
    }

    boolean isMissed(int from, int length) {
        return any(missed, from, length);
    }

    private static boolean any(boolean[] marks, int from, int length) {
        boolean[] run = Arrays.copyOfRange(marks, from, from + length);
        for (boolean mark : run) {
            if (mark) {
                return true;
            }
        }
        return false;
    }
}
