package org.lugha.runtime.cpu.attention;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.spi.Scores;

/**
 * What a block of products goes through before its softmax: soft cap and ALiBi, keys in rows and
 * queries in lanes. Without either the block stays as it is, and the softmax scales it.
 *
 * <p>{@code tanh(x) = x P(x^2) / Q(x^2)} up to |x| = 9, where it is 1: both of degree 4, relative
 * error 2e-8 before rounding and 4e-7 after it (least squares, reweighted to minimax). One sweep
 * and one division; an exponential would take three sweeps and be inexact near 0.
 *
 * @param c what the softmax multiplies a score by to have the exponent of two
 */
record BlockScores(Scores scores, float c, boolean isBent) {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final long ROW = 4L * BlockTiles.SIDE;
    private static final double LOG2_E = 1.4426950408889634;
    private static final float LIMIT = 9;

    static BlockScores of(Scores s) {
        boolean isBent = s.softCap() > 0 || s.slopes().length > 0;
        return new BlockScores(s, (float) ((isBent ? 1 : s.scale()) * LOG2_E), isBent);
    }

    /** Whether a score's derivative by its product is more than the scale. */
    boolean isCapped() {
        return scores.softCap() > 0;
    }

    /**
     * Products of a block, from byte {@code at} on, become scores.
     *
     * @param key that of row 0
     */
    void bend(MemorySegment s, long at, MemorySegment lanes, int head, int key) {
        if (isCapped()) {
            cap(s, at, ROW * BlockTiles.SIDE, factor(), (float) scores.softCap());
        }
        slope(s, at, lanes, head, key);
    }

    /** The same, and the derivative of a capped score by the scaled product at {@code slopes}. */
    void bend(MemorySegment s, long at, long slopes, MemorySegment lanes, int head, int key) {
        if (isCapped()) {
            cap(s, at, ROW * BlockTiles.SIDE, factor(), (float) scores.softCap(), slopes);
        }
        slope(s, at, lanes, head, key);
    }

    /** A row of products of one query, as {@link HeadRows} lays them out, becomes scores. */
    static void row(
            Scores scores, int h, MemorySegment s, long at, long n, int quarter, float behind) {
        float scale = (float) scores.scale();
        if (scores.softCap() > 0) {
            cap(s, at, n, (float) (scores.scale() / scores.softCap()), (float) scores.softCap());
            scale = 1;
        }
        HeadRows.lean(s, at, n, quarter, scale, scores.slope(h), behind);
    }

    private float factor() {
        return (float) (scores.scale() / scores.softCap());
    }

    private void slope(MemorySegment s, long at, MemorySegment lanes, int head, int key) {
        float slope = scores.slope(head);
        if (slope != 0 || !isCapped()) {
            float scale = isCapped() ? 1 : (float) scores.scale();
            for (long o = 0; o < ROW; o += BYTES) {
                lean(s, at + o, lanes, o, scale, slope, key);
            }
        }
    }

    /** {@code s = cap tanh(factor s)} over n bytes. */
    static void cap(MemorySegment s, long at, long n, float factor, float cap) {
        for (long i = at; i < at + n; i += BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(F, s, i, ORDER).mul(factor);
            x = x.blend(LIMIT, x.compare(GT, LIMIT)).blend(-LIMIT, x.compare(LT, -LIMIT));
            FloatVector u = x.mul(x);
            FloatVector p = u.fma(1.3354633e-8f, 2.0609059e-5f);
            FloatVector q = u.fma(7.776546e-7f, 3.2856324e-4f);
            p = p.fma(u, FloatVector.broadcast(F, 0.0034955868f));
            q = q.fma(u, FloatVector.broadcast(F, 0.025876977f));
            p = p.fma(u, FloatVector.broadcast(F, 0.13381024f));
            q = q.fma(u, FloatVector.broadcast(F, 0.4671434f));
            p = p.fma(u, FloatVector.broadcast(F, 1f)).mul(x);
            q = q.fma(u, FloatVector.broadcast(F, 1f));
            p.div(q).mul(cap).intoMemorySegment(s, i, ORDER);
        }
    }

    /** As {@link #cap}, and {@code 1 - tanh^2} into as many bytes from {@code slopes} on. */
    private static void cap(
            MemorySegment s, long at, long n, float factor, float cap, long slopes) {
        cap(s, at, n, factor, cap);
        FloatVector one = FloatVector.broadcast(F, 1f);
        float part = 1 / cap;
        for (long i = 0; i < n; i += BYTES) {
            FloatVector t = FloatVector.fromMemorySegment(F, s, at + i, ORDER).mul(part);
            t.mul(t.neg()).add(one).max(0f).intoMemorySegment(s, slopes + i, ORDER);
        }
    }

    /** {@code s = scale s + slope (key - query)} for one vector of queries. */
    private static void lean(
            MemorySegment s,
            long at,
            MemorySegment lanes,
            long o,
            float scale,
            float slope,
            int key) {
        FloatVector behind =
                FloatVector.fromMemorySegment(F, lanes, BlockSoftmax.POSITION + o, ORDER)
                        .neg()
                        .add((float) key);
        FloatVector one = FloatVector.broadcast(F, 1f);
        FloatVector f = FloatVector.broadcast(F, slope);
        for (long i = at; i < at + BlockTiles.SIDE * ROW; i += ROW) {
            FloatVector v = FloatVector.fromMemorySegment(F, s, i, ORDER).mul(scale);
            behind.fma(f, v).intoMemorySegment(s, i, ORDER);
            behind = behind.add(one);
        }
    }

    /** {@code x = x y} over a block. */
    static void multiply(MemorySegment s, long x, long y) {
        for (long i = 0; i < BlockTiles.SIDE * ROW; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, s, x + i, ORDER);
            v.mul(FloatVector.fromMemorySegment(F, s, y + i, ORDER))
                    .intoMemorySegment(s, x + i, ORDER);
        }
    }
}
