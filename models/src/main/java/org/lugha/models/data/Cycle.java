package org.lugha.models.data;

import org.lugha.runtime.Philox;

/** The numbers of some examples, again and again, shuffled anew each time from seed and epoch. */
final class Cycle {
    private final int[] members;
    private final int count;
    private final boolean shuffle;
    private final long seed;
    private int[] order;
    private long epoch = -1;
    private int position;

    /** {@code members} null: 0 to {@code count - 1}. */
    Cycle(int[] members, int count, boolean shuffle, long seed) {
        this.members = members;
        this.count = count;
        this.shuffle = shuffle;
        this.seed = seed;
        position = count;
    }

    int next() {
        if (position == count) {
            arrange(epoch + 1);
            position = 0;
        }
        return order[position++];
    }

    int count() {
        return count;
    }

    long epoch() {
        return epoch;
    }

    int position() {
        return position;
    }

    void restore(long atEpoch, int atPosition) {
        if (atEpoch >= 0) {
            arrange(atEpoch);
        }
        epoch = atEpoch;
        position = atPosition;
    }

    /** Fisher and Yates. */
    private void arrange(long of) {
        epoch = of;
        long key = Philox.derive(seed, of);
        order = order == null ? new int[count] : order;
        for (int i = 0; i < count; i++) {
            order[i] = members == null ? i : members[i];
        }
        for (int i = count - 1; i > 0 && shuffle; i--) {
            int j = (int) (Integer.toUnsignedLong(Philox.bits(key, i)) % (i + 1));
            int t = order[i];
            order[i] = order[j];
            order[j] = t;
        }
    }
}
