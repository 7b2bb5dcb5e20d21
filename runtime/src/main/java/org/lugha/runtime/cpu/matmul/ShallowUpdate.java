package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * {@code c += alpha a b} for a depth of 8 or 16, as LoRA's products with B have: blocks of c are
 * shared out and computed by {@link EightDeep}. b is read as it lies where it can be.
 *
 * <p>Extra memory: {@code 4 K (N + 2 V)} bytes for b at most, V lanes in a vector, and 1 KiB a
 * thread.
 */
final class ShallowUpdate {
    private static final int EIGHT = EightDeep.DEPTH;
    private static final int WIDTH = 2 * Lanes.N;

    /** Rows of c that are passed for each b in registers. */
    private static final int ROWS = 128;

    /** The same where a row of c fills a page or more, and each row is another one to look up. */
    private static final int ROWS_OF_PAGES = 24;

    private static final int PAGE_FLOATS = 1024;

    /** Panels of columns in a block of c. */
    private static final int PANELS = 8;

    private static final int CHUNK_ELEMENTS = 1 << 13;
    private static final long CHUNK_PRODUCTS = 1 << 18;

    private final Workers workers;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final float alpha;
    private final int depth;
    private final int whole;
    private final int blockRows;
    private final boolean isPacked;
    private final long panelBytes;
    private final MemorySegment right;
    private int groups;

    ShallowUpdate(Workers workers, Matrix a, Matrix b, Matrix c, float alpha) {
        this.workers = workers;
        this.a = a;
        this.b = b;
        this.c = c;
        this.alpha = alpha;
        depth = a.columns();
        whole = b.columns() / WIDTH;
        blockRows = b.columns() < PAGE_FLOATS ? ROWS : ROWS_OF_PAGES;
        isPacked = !b.hasDenseRows() || alpha != 1;
        panelBytes = 4L * WIDTH * depth;
        right = Scratch.mine().of(Purpose.RIGHT, (whole + 1) * panelBytes);
    }

    /** Whether the product, one that adds to c unscaled, is one for this class. */
    static boolean fits(Matrix a, Matrix b) {
        return MatmulTiles.WIDEST == 4 // else b does not stay in registers
                && (a.columns() == EIGHT || a.columns() == 2 * EIGHT)
                && a.hasDenseRows()
                && b.dtype() == DType.F32;
    }

    void run() {
        int panels = (b.columns() + WIDTH - 1) / WIDTH;
        int first = isPacked ? 0 : whole;
        long some = Math.max(1, CHUNK_ELEMENTS / (WIDTH * depth));
        workers.split(panels - first, some, (from, to) -> pack(first + from, first + to));
        groups = (panels + PANELS - 1) / PANELS;
        int blocks = groups * ((a.rows() + blockRows - 1) / blockRows);
        long products = (long) blockRows * Math.min(PANELS, panels) * WIDTH * depth;
        workers.split(blocks, CHUNK_PRODUCTS / products, this::blocks);
    }

    private void pack(long from, long to) {
        boolean isShort = b.hasDenseColumns() && b.column() == depth;
        for (long p = from; p < to; p++) {
            int column = (int) p * WIDTH;
            long at = p * panelBytes;
            if (isShort && p < whole) {
                turn(b.offset(0, column), at);
                turn(b.offset(0, column + Lanes.N), at + 4L * Lanes.N);
            } else {
                MatmulPanels.right(b, 0, depth, column, WIDTH, right, at);
            }
            if (alpha != 1) {
                UpdateTiles.scale(right, at, panelBytes, alpha);
            }
        }
    }

    /** As many short rows as a vector has lanes. */
    private void turn(long at, long to) {
        if (depth == EIGHT) {
            ShortRows.turn(b.memory(), at, right, to, WIDTH * 4L);
            return;
        }
        long vector = 4L * Lanes.N;
        long half = EIGHT * vector;
        MemorySegment own = Scratch.mine().of(Purpose.TURN, 2 * half);
        ShortRows.turn(b.memory(), at, own, 0, vector);
        ShortRows.turn(b.memory(), at + half, own, half, vector);
        ShortRows.part(own, 0, vector, half, right, to, WIDTH * 4L);
    }

    private void blocks(long from, long to) {
        for (long block = from; block < to; block++) {
            int row = (int) block / groups * blockRows;
            int rows = Math.min(blockRows, a.rows() - row);
            int panel = (int) block % groups * PANELS;
            block(row, rows, panel, Math.min(panel + PANELS, whole));
            if (block % groups == groups - 1) {
                edges(row, rows);
            }
        }
    }

    private void block(int row, int rows, int first, int end) {
        for (int p = first; p < end; p++) {
            for (int k = 0; k < depth; k += EIGHT) {
                panel(row, rows, p, k);
            }
        }
    }

    private void edges(int row, int rows) {
        for (int j = whole * WIDTH; j < b.columns(); j += Lanes.N) {
            for (int k = 0; k < depth; k += EIGHT) {
                edge(row, rows, j, k);
            }
        }
    }

    private void panel(int row, int rows, int p, int k) {
        int column = p * WIDTH;
        EightDeep.twoVectors(
                a.memory(),
                a.offset(row, k),
                a.row() * 4,
                isPacked ? right : b.memory(),
                isPacked ? p * panelBytes + 4L * WIDTH * k : b.offset(k, column),
                isPacked ? WIDTH * 4L : b.row() * 4,
                rows,
                c.memory(),
                c.offset(row, column),
                c.row() * 4);
    }

    private void edge(int row, int rows, int column, int k) {
        long at = whole * panelBytes + 4L * WIDTH * k + 4L * (column % WIDTH);
        EightDeep.edge(
                a.memory(),
                a.offset(row, k),
                a.row() * 4,
                right,
                at,
                WIDTH * 4L,
                rows,
                Math.min(Lanes.N, b.columns() - column),
                c.memory(),
                c.offset(row, column),
                c.row() * 4);
    }
}
