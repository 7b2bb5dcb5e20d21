package org.lugha.models.corpus;

/**
 * Where a text was seen first, by its hash. At most {@value #MOST} texts are held, in 32 bytes
 * each; of more, every second one by its hash is forgotten again and again, all its repetitions
 * with it, so that what is counted stands for {@link #scale} times as many.
 */
final class FirstSeen {
    static final int MOST = 1 << 22;

    private final int most;
    private long[] keys = new long[1 << 10];
    private long[] places = new long[1 << 10];
    private int size;
    private int halvings;

    FirstSeen() {
        this(MOST);
    }

    FirstSeen(int most) {
        this.most = most;
    }

    /** How many texts one that is held stands for: 1 up to {@value #MOST}. */
    long scale() {
        return 1L << halvings;
    }

    /**
     * The place of the first text with this hash, or -1 where this is the first, or is not held.
     */
    long add(long hash, long place) {
        long key = hash == 0 ? 1 : hash;
        if (!isHeld(key)) {
            return -1;
        }
        int slot = slot(key);
        if (keys[slot] == key) {
            return places[slot];
        }
        if (size == most) {
            halvings++;
            rebuild(keys.length);
            return add(key, place);
        }
        if (2 * size >= keys.length) {
            rebuild(2 * keys.length);
            slot = slot(key);
        }
        keys[slot] = key;
        places[slot] = place;
        size++;
        return -1;
    }

    private boolean isHeld(long key) {
        return (key >>> 40 & (1L << halvings) - 1) == 0;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) key & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void rebuild(int length) {
        long[] oldKeys = keys;
        long[] oldPlaces = places;
        keys = new long[length];
        places = new long[length];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0 && isHeld(oldKeys[i])) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                places[slot] = oldPlaces[i];
                size++;
            }
        }
    }
}
