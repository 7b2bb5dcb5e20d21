package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distinct words and how often each occurs: their UTF-8 in blocks, found by an open table. A word
 * costs its bytes and about 24 more, and no object. Words from 1 MiB on are cut.
 */
final class WordCounts {
    private static final int BLOCK_BITS = 18;
    private static final int LENGTH_BITS = 24;
    private static final int LONGEST = 1 << 20;

    private final List<byte[]> blocks = new ArrayList<>();
    private int inBlock;
    private int[] table = new int[1 << 10];
    private long[] places = new long[1 << 8];
    private long[] counts = new long[1 << 8];
    private int size;
    private long total;
    private byte[] scratch = new byte[256];

    /** Counts a piece of text once. */
    void add(Aligned piece) {
        int chars = piece.length();
        int room = 3 * Math.min(chars, LONGEST) + 4;
        if (scratch.length < room) {
            scratch = new byte[room];
        }
        int n = 0;
        for (int i = 0; i < chars; ) {
            char c = piece.charAt(i);
            if (c < 0x80) {
                scratch[n++] = (byte) c;
                i++;
            } else {
                int point = piece.codePointAt(i);
                n += ByteAlphabet.utf8(point, scratch, n);
                i += Character.charCount(point);
            }
            if (n >= LONGEST) {
                add(scratch, 0, n, 1);
                n = 0;
            }
        }
        if (n > 0) {
            add(scratch, 0, n, 1);
        }
    }

    /** Adds what others have counted. */
    void addAll(WordCounts other) {
        for (int i = 0; i < other.size; i++) {
            add(other.block(i), other.offset(i), other.length(i), other.counts[i]);
        }
    }

    void add(byte[] bytes, int from, int length, long count) {
        total += count;
        int slot = slot(bytes, from, length, hash(bytes, from, length));
        if (table[slot] > 0) {
            counts[table[slot] - 1] += count;
            return;
        }
        if (size == counts.length) {
            counts = Arrays.copyOf(counts, 2 * size);
            places = Arrays.copyOf(places, 2 * size);
        }
        places[size] = store(bytes, from, length) << LENGTH_BITS | length;
        counts[size] = count;
        table[slot] = ++size;
        if (3L * size > 2L * table.length) {
            grow();
        }
    }

    private long store(byte[] bytes, int from, int length) {
        if (blocks.isEmpty() || inBlock + length > blocks.getLast().length) {
            blocks.add(new byte[Math.max(1 << BLOCK_BITS, length)]);
            inBlock = 0;
        }
        System.arraycopy(bytes, from, blocks.getLast(), inBlock, length);
        long place = (long) (blocks.size() - 1) << BLOCK_BITS | inBlock;
        // What is longer than a block has one of its own, and no later word begins in it.
        inBlock += length;
        return place;
    }

    private int slot(byte[] bytes, int from, int length, int hash) {
        int mask = table.length - 1;
        for (int slot = hash & mask; ; slot = slot + 1 & mask) {
            int word = table[slot] - 1;
            if (word < 0) {
                return slot;
            }
            if (length(word) == length) {
                int at = offset(word);
                if (Arrays.equals(block(word), at, at + length, bytes, from, from + length)) {
                    return slot;
                }
            }
        }
    }

    private void grow() {
        table = new int[2 * table.length];
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) {
            int slot = hash(block(i), offset(i), length(i)) & mask;
            while (table[slot] > 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = i + 1;
        }
    }

    private static int hash(byte[] bytes, int from, int length) {
        int h = length;
        for (int i = from; i < from + length; i++) {
            h = 31 * h + bytes[i];
        }
        h *= 0x9E3779B9;
        return h ^ h >>> 15;
    }

    /** Forgets all words and keeps the room. */
    void clear() {
        Arrays.fill(table, 0);
        int kept = blocks.isEmpty() || blocks.getFirst().length > 1 << BLOCK_BITS ? 0 : 1;
        blocks.subList(kept, blocks.size()).clear();
        inBlock = 0;
        size = 0;
        total = 0;
    }

    /** Forgets all words and gives the room back. */
    void release() {
        blocks.clear();
        table = new int[1 << 10];
        places = new long[1 << 8];
        counts = new long[1 << 8];
        clear();
    }

    /** How many words there are. */
    int size() {
        return size;
    }

    /** How often they occur, all together. */
    long total() {
        return total;
    }

    long count(int word) {
        return counts[word];
    }

    /** Where a word lies: its bytes begin at {@link #offset} there. */
    byte[] block(int word) {
        return blocks.get((int) (places[word] >>> LENGTH_BITS + BLOCK_BITS));
    }

    int offset(int word) {
        return (int) (places[word] >>> LENGTH_BITS) & (1 << BLOCK_BITS) - 1;
    }

    int length(int word) {
        return (int) places[word] & (1 << LENGTH_BITS) - 1;
    }

    /** The bytes of all words. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < size; i++) {
            bytes += length(i);
        }
        return bytes;
    }
}
