package org.lugha.runtime.cpu.attention;

import static org.lugha.runtime.cpu.attention.BlockTiles.SIDE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of keys or values as left operands, read where they are; the last block, when it is not
 * full, and narrow types from a copy.
 *
 * @param copy byte of the scratch where that copy goes
 */
record KeyBlocks(Heads heads, AttentionSizes size, long copy) {

    /**
     * {@code to[key, query] = sum_d block[key, d] right[d, query]} as far as queries see; to and
     * right are bytes of the scratch s.
     */
    void scores(MemorySegment s, long right, BlockMask seen, int b, int block, int g, long to) {
        int d = size.width();
        int n = Math.min(SIDE, size.keys() - block * SIDE);
        Heads.Rows a = heads.rows(b, (long) block * SIDE, g, n, d, s, copy);
        if (n < SIDE) {
            if (heads.isNarrow()) {
                s.asSlice(copy + 4L * n * d, 4L * (SIDE - n) * d).fill((byte) 0);
            } else {
                BlockPack.copy(a.memory(), a.at(), a.step(), n, d, s, copy);
            }
            a = new Heads.Rows(s, copy, 4L * d);
        }
        BlockTiles.scores(
                a.memory(), a.at(), a.step(), s, right, d, s, to, seen.tileFrom, seen.tileTo);
    }
}
