package org.lugha.runtime.cpu.attention;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Powers;
import org.lugha.runtime.cpu.lane.SoftmaxRow;
import org.lugha.runtime.cpu.thread.Partials;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/**
 * Attention of a few queries over a cache: a task for every {@link #CHUNK} keys, with a softmax of
 * its own; the chunks of a query are merged in their order. A chunk is read once, in four streams
 * that all heads go through together, as memory lies; neighbouring rows read in turns would come at
 * half the speed. Where heads lie apart a task takes one key head.
 *
 * <p>Extra memory: {@code 4 B H T (S / 64) (D + 2)} bytes, and {@code 4 H T (D + 80)} a thread,
 * with narrow types {@code 4 D (H T + 4 G)} more.
 */
final class AttentionDecode {
    private static final int CHUNK = 64;
    private static final int FOUR = 4;
    private static final long WEIGHTS = 4L * (CHUNK + Lanes.N);

    private final Workers workers;
    private final Heads q;
    private final Heads k;
    private final Heads v;
    private final AttentionSizes size;
    private final Scores scores;
    private final Into y;
    private final Into lse;
    private final Tensor queries;

    private final int rows;
    private final int parts;
    private final int firstChunk;
    private final int chunks;
    private final long wide;

    // Where a task's pieces lie in its scratch: weights of all rows, then their sums, then q.
    private final long sums;
    private final long widened;

    AttentionDecode(
            Workers workers, Tensor q, Tensor k, Tensor v, Scores scores, Into y, Into lse) {
        this.workers = workers;
        this.q = Heads.of(q);
        this.k = Heads.of(k);
        this.v = Heads.of(v);
        this.scores = scores;
        this.y = y;
        this.lse = lse;
        queries = q;
        size = AttentionSizes.of(q, k);
        rows = size.group() * size.length();
        boolean isApart = this.k.head() > this.k.row() || this.v.head() > this.v.row();
        parts = isApart ? size.groups() : 1;
        wide = 4 * Floats.whole(size.width() + Lanes.N - 1L);
        long mine = (long) size.groups() / parts * rows;
        sums = mine * WEIGHTS;
        widened = sums + mine * wide;
        int first = size.keys();
        int end = 0;
        for (int b = 0; b < size.batches(); b++) {
            first = Math.min(first, size.first(scores.mask(), b));
            end = Math.max(end, size.end(scores.mask(), b));
        }
        firstChunk = first / CHUNK;
        chunks = Math.max(0, (end + CHUNK - 1) / CHUNK - firstChunk);
    }

    void run() {
        long all = (long) size.batches() * size.groups() * rows;
        long tasks = (long) size.batches() * parts * chunks;
        int numbers = (int) Floats.whole(chunks + Lanes.N - 1L);
        try (Partials partial = Partials.of(queries.device(), all * chunks, wide / 4, "attention");
                Partials maxima = Partials.of(queries.device(), all, numbers, "attention");
                Partials totals = Partials.of(queries.device(), all, numbers, "attention")) {
            workers.split(
                    tasks,
                    1,
                    (from, to) -> {
                        for (long i = from; i < to; i++) {
                            int chunk = (int) (i % chunks);
                            int part = (int) (i / chunks % parts);
                            int b = (int) (i / chunks / parts);
                            new Task(b, part, chunk).run(partial, maxima, totals);
                        }
                    });
            workers.split(
                    all,
                    Math.max(1, 256 / Math.max(1, chunks)),
                    (from, to) -> {
                        for (long i = from; i < to; i++) {
                            merge(i, partial, maxima, totals);
                        }
                    });
        }
    }

    /** One chunk of keys and the queries of some heads. */
    private final class Task {
        private final int b;
        private final int firstGroup;
        private final int groups;
        private final int chunk;
        private final int all;
        private final int from;
        private final int n;
        private final int quarter;
        private final long wideQueries;
        private final MemorySegment s;

        Task(int b, int part, int chunk) {
            this.b = b;
            this.chunk = chunk;
            groups = size.groups() / parts;
            firstGroup = part * groups;
            from = Math.max(size.first(scores.mask(), b), (firstChunk + chunk) * CHUNK);
            n =
                    Math.max(
                            0,
                            Math.min(size.end(scores.mask(), b), (firstChunk + chunk + 1) * CHUNK)
                                    - from);
            quarter = (n + FOUR - 1) / FOUR;
            wideQueries = widened + (long) FOUR * groups * wide;
            all = groups * rows;
            s = Scratch.mine().of(Purpose.BLOCKS, wideQueries + all * wide);
        }

        void run(Partials partial, Partials maxima, Partials totals) {
            s.asSlice(sums, all * wide).fill((byte) 0);
            for (int row = 0; q.isNarrow() && row < all; row++) {
                int h = firstGroup * size.group() + row / size.length();
                int t = row % size.length();
                q.widen(b, t, h, size.width(), s, wideQueries + row * wide);
            }
            for (int i = 0; i < quarter; i++) {
                keys(i);
            }
            for (int row = 0; row < all; row++) {
                long number = ((long) b * size.groups() + firstGroup) * rows + row;
                long at = 4L * chunk;
                softmax(row, maxima, maxima.at(number) + at, totals, totals.at(number) + at);
            }
            for (int i = 0; i < quarter; i++) {
                values(i);
            }
            for (int row = 0; row < all; row++) {
                long number = ((long) b * size.groups() + firstGroup) * rows + row;
                long to = partial.at(number * chunks + chunk);
                MemorySegment.copy(s, sums + row * wide, partial.memory(), to, wide);
            }
        }

        private void keys(int i) {
            int d = size.width();
            MemorySegment m = widen(k, i);
            for (int g = 0; g < groups; g++) {
                for (int r = 0; r < rows; r++) {
                    int h = (firstGroup + g) * size.group() + r / size.length();
                    int t = r % size.length();
                    boolean isHere = !q.isNarrow();
                    long row = (long) g * rows + r;
                    long to = row * WEIGHTS + 16L * i;
                    HeadRows.dots(
                            isHere ? q.memory() : s,
                            isHere ? q.at(b, t, h) : wideQueries + row * wide,
                            m,
                            row(k, i, 0, g),
                            row(k, i, 1, g),
                            row(k, i, 2, g),
                            row(k, i, 3, g),
                            d,
                            s,
                            to);
                }
            }
        }

        private void values(int i) {
            MemorySegment m = widen(v, i);
            for (int g = 0; g < groups; g++) {
                for (int r = g * rows; r < (g + 1) * rows; r++) {
                    HeadRows.weigh(
                            s,
                            r * WEIGHTS + 16L * i,
                            m,
                            row(v, i, 0, g),
                            row(v, i, 1, g),
                            row(v, i, 2, g),
                            row(v, i, 3, g),
                            size.width(),
                            sums + r * wide);
                }
            }
        }

        /** Row i of each quarter as floats, all heads; behind the last row, that one again. */
        private MemorySegment widen(Heads x, int i) {
            if (!x.isNarrow()) {
                return x.memory();
            }
            int d = size.width();
            boolean isRun = x.head() == (long) d * x.dtype().bytes();
            for (int j = 0; j < FOUR; j++) {
                int key = from + Math.min(i + j * quarter, n - 1);
                for (int g = 0; g < (isRun ? 1 : groups); g++) {
                    int count = isRun ? groups * d : d;
                    x.widen(b, key, firstGroup + g, count, s, wideRow(j, g));
                }
            }
            return s;
        }

        private long wideRow(int j, int g) {
            return widened + 4L * size.width() * ((long) j * groups + g);
        }

        private long row(Heads x, int i, int j, int g) {
            return x.isNarrow()
                    ? wideRow(j, g)
                    : x.at(b, from + Math.min(i + j * quarter, n - 1), firstGroup + g);
        }

        /** Products of a row become weights; their maximum and sum go where they are merged. */
        private void softmax(int row, Partials maxima, long maxAt, Partials totals, long sumAt) {
            int h = firstGroup * size.group() + row / size.length();
            int t = row % size.length();
            long at = row * WEIGHTS;
            Mask mask = scores.mask();
            BlockScores.row(scores, h, s, at, 4L * CHUNK, quarter, from - t - mask.offset());
            int end = mask.end(b, t, size.keys()) - from;
            HeadRows.hide(s, at, 4L * CHUNK, quarter, mask.first(b, t) - from, Math.min(n, end));
            float max = SoftmaxRow.max(s, at, CHUNK);
            float sum = 0;
            if (max == Float.NEGATIVE_INFINITY) {
                s.asSlice(at, 4L * CHUNK).fill((byte) 0);
            } else {
                Powers.exp(s, at, 1, -max, s, at, 4L * CHUNK);
                sum = HeadRows.sum(s, at, 4L * CHUNK);
            }
            Floats.set(maxima.memory(), maxAt, max);
            Floats.set(totals.memory(), sumAt, sum);
        }
    }

    /** All chunks of one query: {@code i = (b, g, head within g, t)}. */
    private void merge(long i, Partials partial, Partials maxima, Partials totals) {
        int t = (int) (i % size.length());
        int h = (int) (i / size.length() % size.heads());
        int b = (int) (i / size.length() / size.heads());
        int d = size.width();
        long weights = 4 * Floats.whole(chunks + Lanes.N - 1L);
        MemorySegment s = Scratch.mine().of(Purpose.BLOCKS, weights + 2 * wide);
        s.asSlice(0, weights + wide).fill((byte) 0);
        float max = SoftmaxRow.max(maxima.memory(), maxima.at(i), chunks);
        float sum = 0;
        if (max != Float.NEGATIVE_INFINITY) { // a NaN is not hidden
            MemorySegment.copy(maxima.memory(), maxima.at(i), s, 0, 4L * chunks);
            Powers.exp(s, 0, 1, -max, s, 0, weights);
            s.asSlice(4L * chunks, weights - 4L * chunks).fill((byte) 0);
            for (int c = 0; c < chunks; c++) {
                float total = Floats.get(totals.memory(), totals.at(i) + 4L * c);
                sum = Math.fma(Floats.get(s, 4L * c), total, sum);
            }
            for (int c = 0; c < chunks; c += FOUR) {
                HeadRows.weigh(
                        s,
                        4L * c,
                        partial.memory(),
                        partial.at(i * chunks + c),
                        partial.at(i * chunks + Math.min(chunks - 1, c + 1)),
                        partial.at(i * chunks + Math.min(chunks - 1, c + 2)),
                        partial.at(i * chunks + Math.min(chunks - 1, c + 3)),
                        d,
                        weights);
            }
        }
        float factor = sum == 0 ? 0 : 1 / sum;
        Heads.of(y.tensor()).put(s, weights, factor, b, t, h, d, y.beta());
        if (lse != null) {
            long at = 4L * ((b * (long) size.heads() + h) * size.length() + t);
            float total = sum == 0 ? Float.NEGATIVE_INFINITY : (float) (max + Math.log(sum));
            Floats.set(lse.tensor().memory(), at, total, lse.beta());
        }
    }
}
