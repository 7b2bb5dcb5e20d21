package org.lugha.models.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/**
 * Fills rows of one length with whole examples. Each goes into the fullest row that has room for
 * it; one that fits in none waits for the next batch, where those who wait come first. A batch is
 * done when {@link #AHEAD} examples wait.
 */
final class Packing {
    /** More would fill the last places of a row better and mix the order of the data more. */
    static final int AHEAD = 32;

    private final int length;
    private final IntUnaryOperator lengths;
    private final List<Integer> waiting = new ArrayList<>();

    /** {@code lengths} of examples by number, none longer than a row. */
    Packing(int length, IntUnaryOperator lengths) {
        this.length = length;
        this.lengths = lengths;
    }

    /** The examples of each row of the next batch, by number. */
    List<List<Integer>> rows(int rows, IntSupplier draw) {
        List<List<Integer>> all = new ArrayList<>();
        int[] room = new int[rows];
        for (int b = 0; b < rows; b++) {
            all.add(new ArrayList<>());
            room[b] = length;
        }
        List<Integer> before = List.copyOf(waiting);
        waiting.clear();
        before.forEach(e -> place(e, all, room));
        while (waiting.size() < AHEAD && hasRoom(room)) {
            place(draw.getAsInt(), all, room);
        }
        all.removeIf(List::isEmpty);
        return all;
    }

    /** An example has two tokens at least, or nothing of it counts. */
    private static boolean hasRoom(int[] room) {
        for (int r : room) {
            if (r > 1) {
                return true;
            }
        }
        return false;
    }

    private void place(int example, List<List<Integer>> all, int[] room) {
        int n = lengths.applyAsInt(example);
        int best = -1;
        for (int b = 0; b < room.length; b++) {
            if (room[b] >= n && (best < 0 || room[b] < room[best])) {
                best = b;
            }
        }
        if (best < 0) {
            waiting.add(example);
        } else {
            all.get(best).add(example);
            room[best] -= n;
        }
    }

    /** Drawn, and not in a batch yet. */
    List<Integer> waiting() {
        return List.copyOf(waiting);
    }

    void restore(List<Integer> examples) {
        waiting.clear();
        waiting.addAll(examples);
    }
}
