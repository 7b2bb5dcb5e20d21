package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/** Attention, forward and backward unless said otherwise. */
final class Attention implements Family {
    @Override
    public String name() {
        return "attention";
    }

    @Override
    public String grammar() {
        return "BxHxTxD [kvN] [windowN] [segmentsN] [capN] [alibi] [keysN] [full] "
                + "[forward]: N key and value heads, keys in a window, tokens in a segment, bound "
                + "of scores, keys of a cache whose last are the queries' own; causal unless full";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "attention 2x14x512x64",
                "attention 1x8x2048x64",
                "attention 2x14x512x64 kv2",
                "attention 1x8x1024x128",
                "attention 1x8x2048x64 window256",
                "attention 1x8x2048x64 segments128",
                "attention 1x8x2048x64 cap50",
                "attention 1x8x2048x64 alibi",
                "attention 1x8x1x64 keys4096 forward",
                "attention 1x14x1x64 kv2 keys4096 forward",
                "attention 2x14x512x64 forward");
    }

    @Override
    public Workload workload(Case c) {
        c.allow(
                "kv\\d+",
                "window\\d+",
                "segments\\d+",
                "cap\\d+",
                "alibi",
                "keys\\d+",
                "full",
                "forward");
        int[] s = c.sizes("BxHxTxD");
        int kv = c.number("kv", s[1]);
        if (kv == 0 || s[1] % kv != 0) {
            throw new IllegalArgumentException(
                    "case '" + c + "': key heads must divide the " + s[1] + " query heads");
        }
        int length = c.number("keys", s[2]);
        Mask mask = mask(c).withOffset(length - s[2]);
        double pairs = 0;
        for (int t = 0; t < s[2]; t++) {
            pairs += mask.end(0, t, length) - mask.first(0, t);
        }
        // Two products forward; backward five, of which one makes the scores again.
        double products = c.has("forward") ? 2 : 7;
        double queries = 4.0 * s[0] * s[1] * s[2] * s[3];
        double keys = 4.0 * s[0] * kv * length * s[3];
        double bytes = c.has("forward") ? 2 * queries + 2 * keys : 6 * queries + 6 * keys;
        return new Workload(
                c, products * 2 * s[0] * s[1] * s[3] * pairs, bytes, d -> setUp(c, kv, mask, d));
    }

    private static Mask mask(Case c) {
        int[] s = c.sizes("BxHxTxD");
        Mask mask = (c.has("full") ? Mask.full() : Mask.causal()).withWindow(c.number("window", 0));
        int length = c.number("segments", 0);
        if (length == 0) {
            return mask;
        }
        int[][] first = new int[s[0]][s[2]];
        int[][] end = new int[s[0]][s[2]];
        for (int b = 0; b < s[0]; b++) {
            for (int t = 0; t < s[2]; t++) {
                first[b][t] = t / length * length;
                end[b][t] = Math.min(s[2], first[b][t] + length);
            }
        }
        return mask.withSegments(first, end);
    }

    private static Scores scores(Case c, Mask mask) {
        int[] s = c.sizes("BxHxTxD");
        Scores scores = Scores.scaled(1 / Math.sqrt(s[3]), mask).withSoftCap(c.number("cap", 0));
        return c.has("alibi") ? scores.withSlopes(Scores.alibiSlopes(s[1])) : scores;
    }

    private static Runnable setUp(Case c, int kv, Mask mask, Device device) {
        int[] s = c.sizes("BxHxTxD");
        Tensor q = Operands.floats(device, DType.F32, s[0], s[2], s[1], s[3]);
        int keys = c.number("keys", s[2]);
        Tensor k = Operands.floats(device, DType.F32, s[0], keys, kv, s[3]);
        Tensor v = Operands.floats(device, DType.F32, s[0], keys, kv, s[3]);
        Tensor dy = Operands.floats(device, DType.F32, s[0], s[2], s[1], s[3]);
        Tensor y = q.emptyLike();
        Tensor lse = Operands.floats(device, DType.F32, s[0], s[1], s[2]);
        Into dq = Into.overwrite(q.emptyLike());
        Into dk = Into.overwrite(k.emptyLike());
        Into dv = Into.overwrite(v.emptyLike());
        Scores scores = scores(c, mask);
        var kernel = device.kernels().attention();
        boolean isForward = c.has("forward");
        return () -> {
            kernel.forward(q, k, v, scores, Into.overwrite(y), Into.overwrite(lse));
            if (!isForward) {
                kernel.backward(q, k, v, scores, y, lse, dy, dq, dk, dv);
            }
        };
    }
}
