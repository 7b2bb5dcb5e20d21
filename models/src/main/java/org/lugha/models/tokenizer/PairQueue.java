package org.lugha.models.tokenizer;

import java.util.Arrays;

/** Pairs with the count they had when they were queued: most frequent first, then smallest ids. */
final class PairQueue {
    private final PairCounts pairs;
    private long[] counts = new long[1 << 10];
    private int[] items = new int[1 << 10];
    private int size;

    PairQueue(PairCounts pairs) {
        this.pairs = pairs;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long topCount() {
        return counts[0];
    }

    void push(int pair) {
        if (size == items.length) {
            counts = Arrays.copyOf(counts, 2 * size);
            items = Arrays.copyOf(items, 2 * size);
        }
        long count = pairs.count(pair);
        int i = size++;
        while (i > 0 && before(count, pair, i - 1 >>> 1)) {
            counts[i] = counts[i - 1 >>> 1];
            items[i] = items[i - 1 >>> 1];
            i = i - 1 >>> 1;
        }
        counts[i] = count;
        items[i] = pair;
    }

    int pop() {
        int top = items[0];
        long count = counts[--size];
        int last = items[size];
        int i = 0;
        for (int child = 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && before(counts[child + 1], items[child + 1], child)) {
                child++;
            }
            if (before(count, last, child)) {
                break;
            }
            counts[i] = counts[child];
            items[i] = items[child];
            i = child;
        }
        counts[i] = count;
        items[i] = last;
        return top;
    }

    private boolean before(long count, int pair, int place) {
        return count != counts[place]
                ? count > counts[place]
                : pairs.key(pair) < pairs.key(items[place]);
    }
}
