package org.lugha.runtime.cpu.attention;

import static org.lugha.runtime.cpu.attention.BlockTiles.ROW;
import static org.lugha.runtime.cpu.attention.BlockTiles.SIDE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Partials;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/**
 * {@code y = softmax(scale q k^T) v}, a task for each block of queries of a head. Scores have keys
 * in rows and queries in lanes; v is packed into panels beforehand, once for all queries.
 *
 * <p>Extra memory, with S' and D' rounded up to whole blocks and panels: {@code 4 B G S' D'} bytes
 * for the panels, and {@code 512 (D + D') + 18 KiB} a thread whatever T and S are.
 */
final class AttentionForward {
    private static final double LN_2 = 0.6931471805599453;
    private static final long SQUARE = 4L * SIDE * SIDE;

    private final Workers workers;
    private final Heads q;
    private final KeyBlocks keys;
    private final Heads y;
    private final MemorySegment lse;
    private final float yBeta;
    private final float lseBeta;
    private final Tensor values;
    private final AttentionSizes size;
    private final Mask mask;
    private final BlockScores bend;
    private final float c;

    // Where a task's pieces lie in its scratch.
    private final long scores;
    private final long result;
    private final long product;
    private final long keyCopy;
    private final long lanes;
    private final long bytes;

    AttentionForward(
            Workers workers, Tensor q, Tensor k, Tensor v, Scores scored, Into y, Into lse) {
        this.workers = workers;
        this.q = Heads.of(q);
        this.y = Heads.of(y.tensor());
        this.lse = Floats.memory(lse);
        yBeta = y.beta();
        lseBeta = Floats.beta(lse);
        values = v;
        size = AttentionSizes.of(q, k);
        mask = scored.mask();
        bend = BlockScores.of(scored);
        c = bend.c();
        scores = size.tall();
        result = scores + SQUARE;
        product = result + size.wide();
        keyCopy = product + size.wide();
        lanes = keyCopy + size.tall();
        bytes = lanes + BlockSoftmax.LANES;
        keys = new KeyBlocks(Heads.of(k), size, keyCopy);
    }

    void run() {
        int blocks = size.queryBlocks();
        try (Partials packed = size.pack(values, workers)) {
            workers.split(
                    (long) size.batches() * size.heads() * blocks,
                    1,
                    (from, to) -> {
                        MemorySegment s = Scratch.mine().of(Purpose.BLOCKS, bytes);
                        BlockMask seen = new BlockMask();
                        for (long i = from; i < to; i++) {
                            // the last blocks see most under a causal mask: they go first
                            int t = (blocks - 1 - (int) (i % blocks)) * SIDE;
                            int h = (int) (i / blocks % size.heads());
                            int b = (int) (i / blocks / size.heads());
                            queries(s, seen, packed, b, h, t);
                        }
                    });
        }
    }

    private void queries(MemorySegment s, BlockMask seen, Partials packed, int b, int h, int t) {
        int n = Math.min(SIDE, size.length() - t);
        int g = h / size.group();
        seen.queries(mask, b, t, n, size.keys());
        clear(s, lanes, seen, mask.offset() + t);
        Heads.Rows x = q.rows(b, t, h, n, size.width(), s, keyCopy);
        BlockPack.columns(x.memory(), x.at(), x.step(), n, size.width(), s, 0);
        int first = seen.firstBlock();
        if (first == seen.endBlock()) {
            s.asSlice(result, size.wide()).fill((byte) 0);
        }
        for (int block = first; block < seen.endBlock(); block++) {
            boolean isPartial = seen.isPartial(block);
            keys.scores(s, 0, seen, b, block, g, scores);
            if (bend.isBent()) {
                bend.bend(s, scores, lanes(s), h, block * SIDE);
            }
            if (isPartial) {
                BlockSoftmax.onlineMasked(s, scores, c, lanes(s), block * SIDE);
            } else {
                BlockSoftmax.online(s, scores, c, lanes(s));
            }
            BlockTiles.block(
                    s,
                    scores,
                    4,
                    4L * SIDE,
                    packed.memory(),
                    packed.at(size.packed(b, g, block)),
                    size.panels(),
                    s,
                    block == first ? result : product,
                    seen.keyFrom,
                    seen.keyTo);
            if (block > first) {
                accumulate(s);
            }
        }
        write(s, b, h, t, n);
    }

    private MemorySegment lanes(MemorySegment s) {
        return s.asSlice(lanes, BlockSoftmax.LANES);
    }

    /** Lanes at the start of a block of queries. */
    static void clear(MemorySegment s, long lanes, BlockMask seen, int position) {
        for (int i = 0; i < SIDE; i++) {
            long at = lanes + 4L * i;
            Floats.set(s, at + BlockSoftmax.FIRST, seen.first[i]);
            Floats.set(s, at + BlockSoftmax.END, seen.end[i]);
            Floats.set(s, at + BlockSoftmax.MAX, BlockSoftmax.NOTHING);
            Floats.set(s, at + BlockSoftmax.SUM, 0);
            Floats.set(s, at + BlockSoftmax.POSITION, position + i);
        }
    }

    /** {@code result = factor result + product}, a factor for each query. */
    private void accumulate(MemorySegment s) {
        long row = size.panels() * ROW;
        for (int i = 0; i < SIDE; i++) {
            float factor = Floats.get(s, lanes + BlockSoftmax.FACTOR + 4L * i);
            rescale(s, result + i * row, product + i * row, row, factor);
        }
    }

    private static void rescale(MemorySegment s, long sum, long add, long bytes, float factor) {
        FloatVector f = FloatVector.broadcast(Lanes.F, factor);
        for (long i = 0; i < bytes; i += Floats.BYTES) {
            Floats.store(Floats.load(s, sum + i).fma(f, Floats.load(s, add + i)), s, sum + i);
        }
    }

    private void write(MemorySegment s, int b, int h, int t, int n) {
        long row = size.panels() * ROW;
        for (int i = 0; i < n; i++) {
            float sum = Floats.get(s, lanes + BlockSoftmax.SUM + 4L * i);
            float max = Floats.get(s, lanes + BlockSoftmax.MAX + 4L * i);
            float factor = sum == 0 ? 0 : 1 / sum;
            y.put(s, result + i * row, factor, b, t + i, h, size.width(), yBeta);
            if (Floats.isGiven(lse)) {
                double total = (double) (max * c) * LN_2 + Math.log(sum);
                long at = 4 * (((long) b * size.heads() + h) * size.length() + t + i);
                Floats.set(lse, at, sum == 0 ? NOTHING_SEEN : (float) total, lseBeta);
            }
        }
    }

    /** What is saved for a query that sees no key. */
    static final float NOTHING_SEEN = Float.NEGATIVE_INFINITY;

    /** {@code y = beta y + factor x} for d elements. */
    static void row(
            MemorySegment x, long at, float factor, MemorySegment y, long to, int d, float beta) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += Floats.BYTES) {
            Floats.store(Floats.load(x, at + i).mul(factor), y, to + i, beta);
        }
        for (; i < 4L * d; i += 4) {
            Floats.set(y, to + i, Floats.get(x, at + i) * factor, beta);
        }
    }
}
