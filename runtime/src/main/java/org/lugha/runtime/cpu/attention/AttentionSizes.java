package org.lugha.runtime.cpu.attention;

import static org.lugha.runtime.cpu.attention.BlockTiles.ROW;
import static org.lugha.runtime.cpu.attention.BlockTiles.SIDE;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.thread.Partials;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Mask;

/**
 * The extents of one call of attention.
 *
 * @param length queries
 * @param panels panels across the width of a head
 */
record AttentionSizes(
        int batches, int length, int heads, int width, int keys, int groups, int panels) {

    static AttentionSizes of(Tensor q, Tensor k) {
        int panels = BlockTiles.padded(q.dim(3)) / BlockTiles.WIDTH;
        return new AttentionSizes(
                q.dim(0), q.dim(1), q.dim(2), q.dim(3), k.dim(1), k.dim(2), panels);
    }

    /** Query heads that share a key head. */
    int group() {
        return heads / groups;
    }

    int queryBlocks() {
        return (length + SIDE - 1) / SIDE;
    }

    int keyBlocks() {
        return (keys + SIDE - 1) / SIDE;
    }

    /** Blocks of keys of all heads. */
    long packed() {
        return (long) batches * groups * keyBlocks();
    }

    /** Bytes of a block of SIDE rows of a head in panels. */
    long wide() {
        return (long) panels * SIDE * ROW;
    }

    /** Bytes of a block of SIDE rows of a head side by side, or transposed. */
    long tall() {
        return 4L * SIDE * width;
    }

    /** Which of {@link #packed} blocks this is. */
    long packed(int b, int g, int block) {
        return ((long) b * groups + g) * keyBlocks() + block;
    }

    /** The first key that any query of row b sees. */
    int first(Mask mask, int b) {
        int first = keys;
        for (int t = 0; t < length; t++) {
            first = Math.min(first, Math.max(0, mask.first(b, t)));
        }
        return first;
    }

    /** One past the last key that any query of row b sees. */
    int end(Mask mask, int b) {
        int end = 0;
        for (int t = 0; t < length; t++) {
            end = Math.max(end, mask.end(b, t, keys));
        }
        return end;
    }

    /** All keys or values in panels. */
    Partials pack(Tensor x, Workers workers) {
        Heads from = Heads.of(x);
        Partials to = Partials.of(x.device(), packed(), wide() / 4, "attention");
        workers.split(
                packed(),
                4,
                (first, end) -> {
                    for (long i = first; i < end; i++) {
                        int s = (int) (i % keyBlocks()) * SIDE;
                        int g = (int) (i / keyBlocks() % groups);
                        int b = (int) (i / keyBlocks() / groups);
                        int n = Math.min(SIDE, keys - s);
                        MemorySegment wide = Scratch.mine().of(Purpose.BLOCKS, tall());
                        Heads.Rows rows = from.rows(b, s, g, n, width, wide, 0);
                        BlockPack.rows(
                                rows.memory(),
                                rows.at(),
                                rows.step(),
                                n,
                                width,
                                to.memory(),
                                to.at(i));
                    }
                });
        return to;
    }
}
