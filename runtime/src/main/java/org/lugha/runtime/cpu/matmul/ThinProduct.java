package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.cpu.lane.Transpose;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * {@code c = beta c + alpha a b} for results that are thin one way or the other, by {@link
 * DotTiles}: the rows of a lie dense in memory, and so do the columns of b or those of the copy
 * that is made of it, a block of depth at a time.
 *
 * <p>Extra memory: {@code 4 b.columns() min(K, 1024)} bytes (at most 128 KiB) if b's columns do not
 * lie dense, and 1 KiB a thread.
 */
final class ThinProduct {
    /** The short side of a result is at most this long. */
    static final int THIN = 32;

    /** With less depth a tile's own end costs more than thin results waste in other tiles. */
    private static final int SHALLOW = 256;

    private static final int DEPTH = 1024;
    private static final int CHUNK_ELEMENTS = 1 << 13;
    private static final int CHUNK_PRODUCTS = 1 << 17;

    private final Workers workers;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final boolean isTall;
    private final float alpha;
    private float beta;

    // The block of depth under way, and b as it is read there.
    private int k;
    private int depth;
    private Matrix now;

    ThinProduct(Workers workers, Matrix a, Matrix b, Matrix c, float alpha, float beta) {
        this.workers = workers;
        this.a = a;
        this.b = b;
        this.c = c;
        this.alpha = alpha;
        this.beta = beta;
        isTall = a.rows() > b.columns();
    }

    /** Whether the product is one for this class. */
    static boolean fits(Matrix a, Matrix b) {
        boolean isThin = b.columns() <= THIN && b.columns() < a.rows();
        return a.hasDenseRows()
                && (!isThin || a.columns() >= SHALLOW)
                && (b.hasDenseColumns() ? isThin || a.rows() <= THIN : isThin && b.hasDenseRows());
    }

    void run() {
        int total = a.columns();
        int blocks = (total + DEPTH - 1) / DEPTH;
        int most = ((total + blocks - 1) / blocks + 15) & -16;
        int step = isTall ? DotTiles.ROWS : DotTiles.COLUMNS;
        int groups = (Math.max(a.rows(), b.columns()) + step - 1) / step;
        long each = (long) step * Math.min(a.rows(), b.columns()) * Math.min(most, total);
        long grain = Math.max(1, CHUNK_PRODUCTS / each);
        for (k = 0; k < total; k += most) {
            depth = Math.min(most, total - k);
            now = b.hasDenseColumns() ? b : turned(most);
            workers.split(groups, grain, this::groups);
            beta = 1;
        }
    }

    private Matrix turned(int most) {
        MemorySegment m = Scratch.mine().of(Purpose.RIGHT, 4L * b.columns() * most);
        long grain = Math.max(16, CHUNK_ELEMENTS / b.columns());
        workers.split(depth, grain, (from, to) -> turn(m, most * 4L, (int) from, (int) to));
        return new Matrix(m, b.dtype(), depth, b.columns(), -k, 1, most);
    }

    private void turn(MemorySegment to, long row, int from, int end) {
        long at = b.offset(k + from, 0);
        Transpose.copy(b.memory(), at, b.row() * 4, end - from, b.columns(), to, from * 4L, row);
    }

    private void groups(long from, long to) {
        MemorySegment own = Scratch.mine().of(Purpose.TILE, DotTiles.OWN_BYTES);
        long[] x = new long[DotTiles.ROWS];
        long[] w = new long[DotTiles.COLUMNS];
        for (int g = (int) from; g < to; g++) {
            if (isTall) {
                rows(x, g * DotTiles.ROWS);
                for (int j = 0; j < b.columns(); j += DotTiles.COLUMNS) {
                    columns(w, j);
                    tile(x, w, g * DotTiles.ROWS, j, own);
                }
            } else {
                columns(w, g * DotTiles.COLUMNS);
                for (int i = 0; i < a.rows(); i += DotTiles.ROWS) {
                    rows(x, i);
                    tile(x, w, i, g * DotTiles.COLUMNS, own);
                }
            }
        }
    }

    /** Where rows of a begin; past the last one, the last one again. */
    private void rows(long[] at, int i) {
        for (int r = 0; r < at.length; r++) {
            at[r] = a.offset(Math.min(i + r, a.rows() - 1), k);
        }
    }

    private void columns(long[] at, int j) {
        for (int s = 0; s < at.length; s++) {
            at[s] = now.offset(k, Math.min(j + s, now.columns() - 1));
        }
    }

    private void tile(long[] x, long[] w, int i, int j, MemorySegment own) {
        DotTiles.tile(a.memory(), x, now.memory(), w, depth, own);
        int rows = Math.min(DotTiles.ROWS, a.rows() - i);
        int columns = Math.min(DotTiles.COLUMNS, b.columns() - j);
        MemorySegment y = c.memory();
        if (rows == DotTiles.ROWS && columns == DotTiles.COLUMNS) {
            DotTiles.put(own, alpha, beta, y, c.offset(i, j), c.row() * 4);
            return;
        }
        for (int r = 0; r < rows; r++) {
            for (int s = 0; s < columns; s++) {
                long at = c.offset(i + r, j + s);
                float sum = alpha * own.get(JAVA_FLOAT_UNALIGNED, (r * DotTiles.COLUMNS + s) * 4L);
                float before = beta == 0 ? 0 : beta * y.get(JAVA_FLOAT_UNALIGNED, at);
                y.set(JAVA_FLOAT_UNALIGNED, at, before + sum);
            }
        }
    }
}
