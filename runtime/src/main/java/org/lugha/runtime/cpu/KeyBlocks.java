package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.BlockTiles.SIDE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of keys or values as left operands, read where they are; only the last block, when it is
 * not full, from a copy.
 *
 * @param copy byte of the scratch where that copy goes
 */
record KeyBlocks(Heads heads, AttentionSizes size, long copy) {

    /**
     * {@code to[key, query] = sum_d block[key, d] right[d, query]} as far as queries see; to and
     * right are bytes of the scratch s.
     */
    void scores(MemorySegment s, long right, BlockMask seen, int b, int block, int g, long to) {
        MemorySegment a = heads.memory();
        long from = heads.at(b, (long) block * SIDE, g);
        long row = heads.row();
        int d = size.width();
        int n = size.keys() - block * SIDE;
        if (n < SIDE) {
            BlockPack.copy(a, from, row, n, d, s, copy);
            a = s;
            from = copy;
            row = 4L * d;
        }
        BlockTiles.scores(a, from, row, s, right, d, s, to, seen.tileFrom, seen.tileTo);
    }
}
