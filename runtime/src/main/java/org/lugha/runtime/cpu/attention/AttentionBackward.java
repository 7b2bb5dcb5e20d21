package org.lugha.runtime.cpu.attention;

import static org.lugha.runtime.cpu.attention.BlockTiles.ROW;
import static org.lugha.runtime.cpu.attention.BlockTiles.SIDE;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.thread.Partials;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/**
 * Gradients of attention. A task owns a part of the query blocks of one key head: it writes their
 * dq and sums dk and dv privately; where few key heads would leave threads idle there are several
 * parts, added up in order.
 *
 * <p>Extra memory, with S' and D' rounded up to whole blocks and panels: {@code 4 B G S' D' (1 + 2
 * parts)} bytes for k's panels and the sums of dk and dv, where {@code parts = min(16 / (B G), 64
 * MiB / (8 B G S' D'))}, at least 1; and {@code 1024 (D + D') + 50 KiB} a thread whatever T and S
 * are.
 */
final class AttentionBackward {
    private static final double LOG2_E = 1.4426950408889634;
    private static final long SQUARE = 4L * SIDE * SIDE;

    /** Tasks to aim at, and the most bytes that their private sums may take. */
    private static final int TASKS = 16;

    private static final long MOST_BYTES = 64L << 20;

    private final Workers workers;
    private final Tensor keyTensor;
    private final Heads q;
    private final KeyBlocks keys;
    private final KeyBlocks values;
    private final Heads dy;
    private final Heads y;
    private final MemorySegment lse;
    private final Into dq;
    private final Into dk;
    private final Into dv;
    private final AttentionSizes size;
    private final Mask mask;
    private final float scale;
    private final BlockScores bend;
    private final float c;
    private final int parts;

    // Where a task's pieces lie in its scratch; transposed queries are at 0.
    private final long gradientColumns;
    private final long queryRows;
    private final long gradientRows;
    private final long scores;
    private final long slopes;
    private final long bends;
    private final long product;
    private final long dqSum;
    private final long lanes;
    private final long copy;
    private final long bytes;

    AttentionBackward(
            Workers workers,
            Tensor q,
            Tensor k,
            Tensor v,
            Scores scored,
            Tensor y,
            Tensor lse,
            Tensor dy,
            Into dq,
            Into dk,
            Into dv) {
        this.workers = workers;
        keyTensor = k;
        this.q = Heads.of(q);
        this.y = Heads.of(y);
        this.dy = Heads.of(dy);
        this.lse = lse.memory();
        this.dq = dq;
        this.dk = dk;
        this.dv = dv;
        size = AttentionSizes.of(q, k);
        mask = scored.mask();
        scale = (float) scored.scale();
        bend = BlockScores.of(scored);
        c = bend.c();
        gradientColumns = size.tall();
        queryRows = gradientColumns + size.tall();
        gradientRows = queryRows + size.wide();
        scores = gradientRows + size.wide();
        slopes = scores + SQUARE;
        bends = slopes + SQUARE;
        product = bends + SQUARE;
        dqSum = product + size.wide();
        lanes = dqSum + size.wide();
        copy = lanes + BlockSoftmax.LANES;
        bytes = copy + 2 * size.tall();
        keys = new KeyBlocks(Heads.of(k), size, copy);
        values = new KeyBlocks(Heads.of(v), size, copy + size.tall());
        parts = parts();
    }

    private int parts() {
        long heads = Math.max(1, (long) size.batches() * size.groups());
        long units = Math.max(1, (long) size.group() * size.queryBlocks());
        long perPart = Math.max(1, 2 * heads * size.keyBlocks() * size.wide());
        long wanted = Math.min(TASKS / heads, MOST_BYTES / perPart);
        return (int) Math.clamp(wanted, 1, units);
    }

    void run() {
        long heads = (long) size.batches() * size.groups();
        long sums = heads * parts * 2;
        try (Partials packed = size.pack(keyTensor, workers);
                Partials gradients =
                        Partials.of(
                                keyTensor.device(),
                                sums,
                                size.keyBlocks() * size.wide() / 4,
                                "attention")) {
            workers.split(
                    heads * parts,
                    1,
                    (from, to) -> {
                        for (long i = from; i < to; i++) {
                            task((int) (i / parts), (int) (i % parts), packed, gradients);
                        }
                    });
            workers.split(
                    heads * size.keyBlocks(),
                    1,
                    (from, to) -> {
                        for (long i = from; i < to; i++) {
                            int head = (int) (i / size.keyBlocks());
                            int block = (int) (i % size.keyBlocks());
                            write(gradients, head, 0, block, dk, scale);
                            write(gradients, head, 1, block, dv, 1);
                        }
                    });
        }
    }

    /** Every parts-th query block of the heads that share a key head, from the last on. */
    private void task(int head, int part, Partials packed, Partials gradients) {
        int b = head / size.groups();
        int g = head % size.groups();
        long sums = ((long) head * parts + part) * 2;
        gradients.clear(sums);
        gradients.clear(sums + 1);
        MemorySegment s = Scratch.mine().of(Purpose.BLOCKS, bytes);
        BlockMask seen = new BlockMask();
        int blocks = size.queryBlocks();
        for (int unit = part; unit < size.group() * blocks; unit += parts) {
            int h = g * size.group() + unit / blocks;
            int t = (blocks - 1 - unit % blocks) * SIDE;
            prepare(s, seen, b, h, t);
            for (int block = seen.firstBlock(); block < seen.endBlock(); block++) {
                slopes(s, seen, b, h, block);
                long at = gradients.at(sums) + block * size.wide();
                keySums(s, seen, gradients.memory(), at, gradients.at(1) - gradients.at(0));
                querySum(s, seen, packed, size.packed(b, g, block), block);
            }
            writeQueries(s, seen, b, h, t);
        }
    }

    /** Queries and gradients of a block in both orders, and their numbers in lanes. */
    private void prepare(MemorySegment s, BlockMask seen, int b, int h, int t) {
        int n = Math.min(SIDE, size.length() - t);
        int d = size.width();
        seen.queries(mask, b, t, n, size.keys());
        AttentionForward.clear(s, lanes, seen, mask.offset() + t);
        Heads.Rows x = q.rows(b, t, h, n, d, s, copy);
        BlockPack.columns(x.memory(), x.at(), x.step(), n, d, s, 0);
        BlockPack.rows(x.memory(), x.at(), x.step(), n, d, s, queryRows);
        x = y.rows(b, t, h, n, d, s, copy);
        Heads.Rows dx = dy.rows(b, t, h, n, d, s, copy + size.tall());
        BlockPack.columns(dx.memory(), dx.at(), dx.step(), n, d, s, gradientColumns);
        BlockPack.rows(dx.memory(), dx.at(), dx.step(), n, d, s, gradientRows);
        long saved = 4 * (((long) b * size.heads() + h) * size.length() + t);
        for (int i = 0; i < SIDE; i++) {
            float total = i < n ? Floats.get(lse, saved + 4L * i) : 0;
            float dot = i < n ? dot(x, dx, i) : 0;
            Floats.set(s, lanes + BlockSoftmax.LSE + 4L * i, (float) (total * LOG2_E));
            Floats.set(s, lanes + BlockSoftmax.DOT + 4L * i, dot);
        }
    }

    private float dot(Heads.Rows x, Heads.Rows y, int i) {
        long from = x.at() + i * x.step();
        return HeadRows.dot(x.memory(), from, y.memory(), y.at() + i * y.step(), size.width());
    }

    /** Probabilities of a block and the gradients of its scores. */
    private void slopes(MemorySegment s, BlockMask seen, int b, int h, int block) {
        int g = h / size.group();
        boolean isPartial = seen.isPartial(block);
        keys.scores(s, 0, seen, b, block, g, scores);
        values.scores(s, gradientColumns, seen, b, block, g, slopes);
        MemorySegment mine = s.asSlice(lanes, BlockSoftmax.LANES);
        if (bend.isBent()) {
            bend.bend(s, scores, bends, mine, h, block * SIDE);
        }
        if (isPartial) {
            BlockSoftmax.probabilitiesMasked(s, scores, c, mine, block * SIDE);
        } else {
            BlockSoftmax.probabilities(s, scores, c, mine);
        }
        if (bend.isCapped()) {
            BlockScores.multiply(s, bends, scores);
        }
        long factors = bend.isCapped() ? bends : scores;
        if (isPartial) {
            BlockSoftmax.gradientMasked(s, factors, slopes, mine, block * SIDE);
        } else {
            BlockSoftmax.gradient(s, factors, slopes, mine);
        }
    }

    /** {@code dk += ds q} at byte {@code at} and {@code dv += p dy} {@code apart} bytes behind. */
    private void keySums(MemorySegment s, BlockMask seen, MemorySegment to, long at, long apart) {
        int panels = size.panels();
        int[] from = seen.queryFrom;
        int[] end = seen.queryTo;
        long row = 4L * SIDE;
        if (dk != null) {
            BlockTiles.block(s, slopes, row, 4, s, queryRows, panels, s, product, from, end);
            HeadRows.add(s, product, to, at, size.wide());
        }
        if (dv != null) {
            BlockTiles.block(s, scores, row, 4, s, gradientRows, panels, s, product, from, end);
            HeadRows.add(s, product, to, at + apart, size.wide());
        }
    }

    /** {@code dq += ds^T k}. */
    private void querySum(MemorySegment s, BlockMask seen, Partials packed, long key, int block) {
        if (dq == null) {
            return;
        }
        boolean isFirst = block == seen.firstBlock();
        BlockTiles.block(
                s,
                slopes,
                4,
                4L * SIDE,
                packed.memory(),
                packed.at(key),
                size.panels(),
                s,
                isFirst ? dqSum : product,
                seen.keyFrom,
                seen.keyTo);
        if (!isFirst) {
            HeadRows.add(s, product, s, dqSum, size.wide());
        }
    }

    private void writeQueries(MemorySegment s, BlockMask seen, int b, int h, int t) {
        if (dq == null) {
            return;
        }
        if (seen.firstBlock() == seen.endBlock()) {
            s.asSlice(dqSum, size.wide()).fill((byte) 0);
        }
        rows(s, dqSum, scale, dq, b, h, t, size.length());
    }

    /** Writes a block of dk (which 0) or dv (1), the sums of all parts added up in part 0. */
    private void write(Partials sums, int head, int which, int block, Into to, float factor) {
        if (to == null) {
            return;
        }
        long first = sums.at((long) head * parts * 2 + which) + block * size.wide();
        for (int part = 1; part < parts; part++) {
            long at = sums.at(((long) head * parts + part) * 2 + which) + block * size.wide();
            HeadRows.add(sums.memory(), at, sums.memory(), first, size.wide());
        }
        int b = head / size.groups();
        int g = head % size.groups();
        rows(sums.memory(), first, factor, to, b, g, block * SIDE, size.keys());
    }

    /** Rows {@code t .. t + SIDE}, as far as there are any, of one head. */
    private void rows(
            MemorySegment x, long at, float factor, Into to, int b, int h, int t, int length) {
        Heads out = Heads.of(to.tensor());
        long row = size.panels() * ROW;
        for (int i = 0; i < Math.min(SIDE, length - t); i++) {
            out.put(x, at + i * row, factor, b, t + i, h, size.width(), to.beta());
        }
    }
}
