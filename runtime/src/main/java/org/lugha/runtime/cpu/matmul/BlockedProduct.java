package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * {@code c = beta c + alpha a b} by blocks (Goto and van de Geijn 2008). For each block of depth
 * and columns all threads first pack b (and a, where its rows cannot be read as they lie), then
 * share out groups of tiles: b's block stays in the second-level cache, a strip of a in the first.
 *
 * <p>Depth is cut by the shape alone and its blocks are added in order, each by the one thread that
 * has the tile: the bits do not depend on the number of threads.
 *
 * <p>Extra memory: for b's block {@code 4 min(N, 2048) min(K, 512)} bytes, at most 4 MiB; where a's
 * rows are not dense {@code 4 min(M, 3072) (min(K, 512) + 16)}, at most 6.2 MiB, for a's block; 17
 * KiB a thread.
 */
public final class BlockedProduct {
    private static final int ROWS = MatmulTiles.ROWS;
    private static final int DEPTH = 512;
    private static final int PACKED_COLUMNS = 2048;
    private static final int PACKED_ROWS = 3072;
    private static final int GROUP_ROWS = 8 * ROWS;
    private static final int GROUP_COLUMNS = 256;

    /** Up to this many rows b is read as it lies if it can be: packing would cost as much. */
    private static final int FEW_ROWS = 24;

    /** What a thread packs, or multiplies, at a time: at least two or three microseconds' work. */
    private static final int CHUNK_ELEMENTS = 1 << 13;

    private static final long CHUNK_PRODUCTS = 1 << 17;

    /** So many groups leave no thread long without work at the end of a block. */
    private static final int GROUPS_WANTED = 48;

    private static final long PAGE = 4096;

    private final Workers workers;
    private final Matrix a;
    private final RightPanels b;
    private final Matrix whole;
    private final Matrix c;
    private final float alpha;
    private final float beta;
    private final int vectors;
    private final int width;
    private final int maxDepth;
    private final boolean isLeftPacked;
    private final boolean isRightPacked;
    private final boolean isShallow;
    private final boolean isUpdate;
    private final long leftRow;
    private final long panelBytes;
    private final MemorySegment left;
    private final MemorySegment right;
    private final MemorySegment kept;

    // The block under way.
    private int row;
    private int rows;
    private int column;
    private int columns;
    private int k;
    private int depth;
    private int rightPanels;
    private long rightAt;
    private int groupRows;
    private int groupPanels;
    private int rowGroups;

    /** c has dense rows, a is F32; all segments are native and no extent is 0. */
    public BlockedProduct(Workers workers, Matrix a, Matrix b, Matrix c, float alpha, float beta) {
        this(workers, a, RightPanels.of(b), c, alpha, beta);
    }

    /** The same for any right operand. */
    public BlockedProduct(
            Workers workers, Matrix a, RightPanels b, Matrix c, float alpha, float beta) {
        this.workers = workers;
        this.a = a;
        this.b = b;
        whole = b.asItLies();
        this.c = c;
        this.alpha = alpha;
        this.beta = beta;
        int lanes = Lanes.N;
        isRightPacked = whole == null || a.rows() > FEW_ROWS;
        isShallow = isRightPacked && a.columns() <= UpdateTiles.DEPTH;
        isUpdate = isShallow && beta != 0 && b.columns() > lanes;
        boolean isNarrow = isUpdate || b.columns() <= 2 * lanes;
        vectors = b.columns() <= lanes ? 1 : isNarrow ? 2 : MatmulTiles.WIDEST;
        width = vectors * lanes;
        int blocks = (a.columns() + DEPTH - 1) / DEPTH;
        maxDepth = roundUp((a.columns() + blocks - 1) / blocks, 8);
        isLeftPacked = !a.hasDenseRows();
        leftRow = (maxDepth + 16) * 4L;
        panelBytes = 4L * width * maxDepth;
        Scratch mine = Scratch.mine();
        int most = roundUp(Math.min(PACKED_ROWS, a.rows()), ROWS);
        left = isLeftPacked ? mine.of(Purpose.LEFT, most * leftRow) : a.memory();
        int wide = roundUp(Math.min(PACKED_COLUMNS, b.columns()), width) / width;
        boolean mayKeep = isRightPacked && !isShallow;
        kept = mayKeep ? b.kept(workers, a.columns(), width, maxDepth) : null;
        long some = panelBytes * (isRightPacked ? wide : 1);
        right = kept != null ? kept : mine.of(Purpose.RIGHT, some);
    }

    private static int roundUp(int n, int to) {
        return (n + to - 1) / to * to;
    }

    private static int cut(int n, int by) {
        return (n + by - 1) / by;
    }

    public void run() {
        int rowStep = isLeftPacked ? PACKED_ROWS : a.rows();
        for (row = 0; row < a.rows(); row += rowStep) {
            rows = Math.min(rowStep, a.rows() - row);
            for (column = 0; column < b.columns(); column += PACKED_COLUMNS) {
                columns = Math.min(PACKED_COLUMNS, b.columns() - column);
                for (k = 0; k < a.columns(); k += maxDepth) {
                    depth = Math.min(maxDepth, a.columns() - k);
                    pack();
                    multiply();
                }
            }
        }
    }

    private void pack() {
        int panels = cut(columns, width);
        boolean hasRaggedEnd = columns % width != 0;
        rightPanels = kept != null ? 0 : isRightPacked ? panels : hasRaggedEnd ? 1 : 0;
        long before = (long) (k / maxDepth) * cut(b.columns(), width) + column / width;
        rightAt = kept != null ? before * panelBytes : 0;
        int leftStrips = isLeftPacked ? cut(rows, ROWS) : 0;
        int one = Math.max(1, CHUNK_ELEMENTS / (width * depth));
        if (rightPanels > 0) {
            int first = isRightPacked ? 0 : panels - 1;
            workers.split(rightPanels, one, (from, to) -> packRight(first, (int) from, (int) to));
        }
        if (leftStrips > 0) {
            int strips = roundUp(Math.max(1, CHUNK_ELEMENTS / (ROWS * depth)), 8); // whole vectors
            workers.split(leftStrips, strips, this::packLeft);
        }
    }

    private void packRight(int first, int from, int to) {
        for (int p = from; p < to; p++) {
            int at = column + (first + p) * width;
            b.pack(k, depth, at, width, right, p * panelBytes);
            if (isShallow && alpha != 1) {
                UpdateTiles.scale(right, p * panelBytes, width * 4L * depth, alpha);
            }
        }
    }

    private void packLeft(long from, long to) {
        int first = (int) from * ROWS;
        int count = Math.min(rows, (int) to * ROWS) - first;
        MatmulPanels.left(a, row + first, count, k, depth, left, first * leftRow, leftRow);
    }

    private void multiply() {
        int panels = cut(columns, width);
        groupRows = GROUP_ROWS;
        groupPanels = Math.max(1, Math.min(panels, GROUP_COLUMNS / width));
        while (groupPanels > 1 && groups(panels) < GROUPS_WANTED) {
            groupPanels /= 2;
        }
        while (groupRows > ROWS && groups(panels) < GROUPS_WANTED && products() > CHUNK_PRODUCTS) {
            groupRows /= 2;
        }
        rowGroups = cut(rows, groupRows);
        long products = products();
        int groups = groups(panels);
        workers.split(groups, Math.max(1, CHUNK_PRODUCTS / products), this::groups);
    }

    private int groups(int panels) {
        return cut(rows, groupRows) * cut(panels, groupPanels);
    }

    private long products() {
        return (long) Math.min(rows, groupRows) * groupPanels * width * depth;
    }

    private void groups(long from, long to) {
        MemorySegment tile = Scratch.mine().of(Purpose.TILE, PAGE + ROWS * leftRow);
        for (int g = (int) from; g < to; g++) {
            int firstRow = g % rowGroups * groupRows;
            int firstPanel = g / rowGroups * groupPanels;
            int endRow = Math.min(rows, firstRow + groupRows);
            int endPanel = Math.min(cut(columns, width), firstPanel + groupPanels);
            for (int i = firstRow; i < endRow; i += ROWS) {
                strip(i, Math.min(ROWS, endRow - i), firstPanel, endPanel, tile);
            }
        }
    }

    /** {@code count} rows from {@code i} against some panels of b. */
    private void strip(int i, int count, int firstPanel, int endPanel, MemorySegment tile) {
        if (isLeftPacked) {
            panels(left, i * leftRow, leftRow, i, count, firstPanel, endPanel, tile);
        } else if (count == ROWS) {
            long at = a.offset(row + i, k);
            panels(a.memory(), at, a.row() * 4, i, count, firstPanel, endPanel, tile);
        } else {
            MatmulPanels.left(a, row + i, count, k, depth, tile, PAGE, leftRow);
            panels(tile, PAGE, leftRow, i, count, firstPanel, endPanel, tile);
        }
    }

    private void panels(
            MemorySegment from,
            long at,
            long step,
            int i,
            int count,
            int firstPanel,
            int endPanel,
            MemorySegment tile) {
        float scale = k == 0 ? beta : 1;
        float factor = isShallow ? 1 : alpha;
        boolean isPlain = count == ROWS && scale == 0 && factor == 1;
        int begin = firstPanel;
        if (isUpdate && count == ROWS) {
            begin = Math.max(firstPanel, Math.min(endPanel, columns / width));
            UpdateTiles.strip(
                    from,
                    at,
                    step,
                    4,
                    right,
                    firstPanel * panelBytes,
                    width * 4L,
                    panelBytes,
                    depth,
                    begin - firstPanel,
                    scale,
                    c.memory(),
                    c.offset(row + i, column + firstPanel * width),
                    c.row() * 4);
        }
        for (int p = begin; p < endPanel; p++) {
            int j = column + p * width;
            int wide = Math.min(width, column + columns - j);
            boolean isRead = !isRightPacked && wide == width;
            MemorySegment panel = isRead ? whole.memory() : right;
            long panelAt =
                    isRead ? whole.offset(k, j) : isRightPacked ? rightAt + p * panelBytes : 0;
            long panelStep = isRead ? whole.row() * 4 : width * 4L;
            long target = c.offset(row + i, j);
            long cRow = c.row() * 4;
            if (isPlain && wide == width) {
                MatmulTiles.tile(
                        vectors,
                        from,
                        at,
                        step,
                        4,
                        panel,
                        panelAt,
                        panelStep,
                        depth,
                        c.memory(),
                        target,
                        cRow);
            } else {
                MatmulTiles.tile(
                        vectors,
                        from,
                        at,
                        step,
                        4,
                        panel,
                        panelAt,
                        panelStep,
                        depth,
                        tile,
                        0,
                        width * 4L);
                MatmulMerge.merge(
                        tile, width * 4L, factor, scale, count, wide, c.memory(), target, cRow);
            }
        }
    }
}
