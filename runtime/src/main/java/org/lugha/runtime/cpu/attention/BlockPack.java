package org.lugha.runtime.cpu.attention;

import static org.lugha.runtime.cpu.attention.BlockTiles.ROW;
import static org.lugha.runtime.cpu.attention.BlockTiles.SIDE;
import static org.lugha.runtime.cpu.attention.BlockTiles.WIDTH;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Turn;

/** Rows of a head or a matrix as the panels that {@link BlockTiles} multiplies with. */
final class BlockPack {
    private BlockPack() {}

    /**
     * Panels of {@link BlockTiles#SIDE} rows each: row i of panel p holds columns {@code p WIDTH}
     * and on of row i. What lies beyond n rows and d columns becomes 0.
     */
    static void rows(
            MemorySegment x, long at, long step, int n, int d, MemorySegment to, long toAt) {
        for (int p = 0; p * WIDTH < d; p++) {
            int width = Math.min(WIDTH, d - p * WIDTH);
            long panel = toAt + p * (SIDE * ROW);
            if (width < WIDTH || n < SIDE) {
                to.asSlice(panel, SIDE * ROW).fill((byte) 0);
            }
            long from = at + p * ROW;
            if (width == WIDTH) {
                full(x, from, step, n, to, panel);
            } else {
                for (int i = 0; i < n; i++) {
                    MemorySegment.copy(x, from + i * step, to, panel + i * ROW, 4L * width);
                }
            }
        }
    }

    private static void full(
            MemorySegment x, long at, long step, int n, MemorySegment to, long toAt) {
        for (long i = 0; i < n; i++) {
            Floats.store(Floats.load(x, at + i * step), to, toAt + i * ROW);
            Floats.store(
                    Floats.load(x, at + i * step + Floats.BYTES),
                    to,
                    toAt + i * ROW + Floats.BYTES);
        }
    }

    /**
     * Transposed panels of d rows each: column c of panel p is row {@code p WIDTH + c}. Columns
     * beyond n become 0.
     */
    static void columns(
            MemorySegment x, long at, long step, int n, int d, MemorySegment to, long toAt) {
        if (n < SIDE) {
            to.asSlice(toAt, 4L * SIDE * d).fill((byte) 0);
        }
        for (int i = 0; i < n; i += WIDTH) {
            int rows = Math.min(WIDTH, n - i);
            Turn.copy(x, at + i * step, step, rows, d, to, toAt + i / WIDTH * (d * ROW), ROW);
        }
    }

    /** Rows side by side, {@link BlockTiles#SIDE} of them, those beyond n 0. */
    static void copy(
            MemorySegment x, long at, long step, int n, int d, MemorySegment to, long toAt) {
        for (int i = 0; i < n; i++) {
            MemorySegment.copy(x, at + i * step, to, toAt + 4L * i * d, 4L * d);
        }
        to.asSlice(toAt + 4L * n * d, 4L * (SIDE - n) * d).fill((byte) 0);
    }
}
