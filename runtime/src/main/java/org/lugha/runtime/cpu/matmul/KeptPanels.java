package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Storage;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * A right operand whose memory will not change: its panels come from a {@link PanelCache}.
 *
 * @param panels the operand
 * @param matrix the same as it lies in {@code storage}
 */
record KeptPanels(RightPanels panels, Matrix matrix, Storage storage, PanelCache cache)
        implements RightPanels {
    private static final int CHUNK_ELEMENTS = 1 << 13;

    @Override
    public int columns() {
        return panels.columns();
    }

    @Override
    public void pack(int k, int depth, int column, int width, MemorySegment to, long toAt) {
        panels.pack(k, depth, column, width, to, toAt);
    }

    @Override
    public Matrix asItLies() {
        return panels.asItLies();
    }

    @Override
    public MemorySegment kept(Workers workers, int rows, int width, int depth) {
        int across = (columns() + width - 1) / width;
        int down = (rows + depth - 1) / depth;
        long bytes = 4L * width * depth * across * down;
        var key = new PanelCache.Key(storage, matrix, width, depth);
        return cache.get(key, bytes, to -> fill(workers, rows, width, depth, across, down, to));
    }

    private void fill(
            Workers workers,
            int rows,
            int width,
            int depth,
            int across,
            int down,
            MemorySegment to) {
        long bytes = 4L * width * depth;
        workers.split(
                (long) across * down,
                Math.max(1, CHUNK_ELEMENTS / (width * depth)),
                (from, end) -> {
                    for (long p = from; p < end; p++) {
                        int k = (int) (p / across) * depth;
                        int column = (int) (p % across) * width;
                        pack(k, Math.min(depth, rows - k), column, width, to, p * bytes);
                    }
                });
    }
}
