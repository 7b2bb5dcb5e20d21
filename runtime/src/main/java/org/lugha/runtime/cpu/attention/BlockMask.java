package org.lugha.runtime.cpu.attention;

import static org.lugha.runtime.cpu.attention.BlockTiles.PANELS;
import static org.lugha.runtime.cpu.attention.BlockTiles.ROWS;
import static org.lugha.runtime.cpu.attention.BlockTiles.SIDE;
import static org.lugha.runtime.cpu.attention.BlockTiles.TILES;

import java.util.Arrays;
import org.lugha.runtime.spi.Mask;

/**
 * What a block of queries sees, and of one block of keys which parts have to be computed at all:
 * bounds for {@link BlockTiles}, at the grain of its tiles.
 */
final class BlockMask {
    /** First key of each query. */
    final int[] first = new int[SIDE];

    /** One past the last key of each query. */
    final int[] end = new int[SIDE];

    /** By tile of queries: the keys it sees in the block. */
    final int[] keyFrom = new int[TILES];

    final int[] keyTo = new int[TILES];

    /** By tile of keys: the queries that see it. */
    final int[] queryFrom = new int[TILES];

    final int[] queryTo = new int[TILES];

    /** By panel of queries: the tiles of keys it sees. */
    final int[] tileFrom = new int[PANELS];

    final int[] tileTo = new int[PANELS];

    private final int[] tileFirst = new int[TILES];
    private final int[] tileEnd = new int[TILES];
    private int maxFirst;
    private int minEnd;
    private int minFirst;
    private int maxEnd;

    /** Takes queries {@code t .. t + n} of row b; lanes beyond n see what the last query sees. */
    void queries(Mask mask, int b, int t, int n, int keys) {
        minFirst = Integer.MAX_VALUE;
        maxFirst = 0;
        minEnd = Integer.MAX_VALUE;
        maxEnd = 0;
        Arrays.fill(tileFirst, Integer.MAX_VALUE);
        Arrays.fill(tileEnd, 0);
        for (int i = 0; i < SIDE; i++) {
            int query = t + Math.min(i, n - 1);
            int from = Math.max(0, mask.first(b, query));
            int to = mask.end(b, query, keys);
            boolean isBlind = from >= to;
            first[i] = isBlind ? 0 : from;
            end[i] = isBlind ? 0 : to;
            maxFirst = Math.max(maxFirst, first[i]);
            minEnd = Math.min(minEnd, end[i]);
            if (!isBlind) {
                minFirst = Math.min(minFirst, from);
                maxEnd = Math.max(maxEnd, to);
                int tile = i / ROWS;
                tileFirst[tile] = Math.min(tileFirst[tile], from);
                tileEnd[tile] = Math.max(tileEnd[tile], to);
            }
        }
    }

    /** The first block of keys that any query sees. */
    int firstBlock() {
        return maxEnd == 0 ? 0 : minFirst / SIDE;
    }

    /** One past the last block of keys that any query sees. */
    int endBlock() {
        return (maxEnd + SIDE - 1) / SIDE;
    }

    /** Sets the bounds for one block of keys; whether any query does not see all of it. */
    boolean isPartial(int block) {
        int k = block * SIDE;
        if (maxFirst <= k && minEnd >= k + SIDE) {
            Arrays.fill(keyFrom, 0);
            Arrays.fill(keyTo, SIDE);
            Arrays.fill(queryFrom, 0);
            Arrays.fill(queryTo, SIDE);
            Arrays.fill(tileFrom, 0);
            Arrays.fill(tileTo, TILES);
            return false;
        }
        Arrays.fill(queryFrom, SIDE);
        Arrays.fill(queryTo, 0);
        Arrays.fill(tileFrom, TILES);
        Arrays.fill(tileTo, 0);
        for (int q = 0; q < TILES; q++) {
            int from = Math.clamp((long) tileFirst[q] - k, 0, SIDE);
            int to = Math.clamp((long) tileEnd[q] - k, 0, SIDE);
            keyFrom[q] = Math.min(from, to);
            keyTo[q] = to;
            if (from < to) {
                seen(q, from / ROWS, (to + ROWS - 1) / ROWS);
            }
        }
        return true;
    }

    /** Tile q of queries sees tiles {@code from .. to} of keys. */
    private void seen(int q, int from, int to) {
        for (int tile = from; tile < to; tile++) {
            queryFrom[tile] = Math.min(queryFrom[tile], q * ROWS);
            queryTo[tile] = (q + 1) * ROWS;
        }
        int firstPanel = q * ROWS / BlockTiles.WIDTH;
        int endPanel = ((q + 1) * ROWS + BlockTiles.WIDTH - 1) / BlockTiles.WIDTH;
        for (int p = firstPanel; p < endPanel; p++) {
            tileFrom[p] = Math.min(tileFrom[p], from);
            tileTo[p] = Math.max(tileTo[p], to);
        }
    }
}
