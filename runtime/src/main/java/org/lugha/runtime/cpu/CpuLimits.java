package org.lugha.runtime.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.Limits;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * The ceilings of this machine, by two loops that do nothing else: independent fused multiply-adds
 * in registers, and one read of a block larger than the caches. All threads run them at once. A
 * ceiling is the best of many short rounds: other programs can only make a round slower.
 */
final class CpuLimits {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Enough to hide the latency of a multiply-add on two units. */
    private static final int CHAINS = 12;

    private static final int ROUNDS = 60;
    private static final int LOOPS = 100_000;
    private static final long BLOCK = 128L << 20;
    private static final int PARTS = 64;

    private CpuLimits() {}

    static Limits measured(Workers workers) {
        int threads = workers.threads();
        double flops = 0;
        double bytes = 0;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment sums = arena.allocate(64L * 64 * threads, 64);
            MemorySegment block = arena.allocate(BLOCK, 64);
            for (int r = 0; r < ROUNDS; r++) {
                long since = System.nanoTime();
                workers.split(threads, 1, (from, _) -> multiply(LOOPS, sums, from * 4096));
                double seconds = (System.nanoTime() - since) * 1e-9;
                flops = Math.max(flops, 2.0 * CHAINS * F.length() * LOOPS * threads / seconds);
            }
            for (int r = 0; r < ROUNDS / 4; r++) {
                long since = System.nanoTime();
                workers.split(PARTS, 1, (from, _) -> read(block, from, sums));
                bytes = Math.max(bytes, BLOCK / ((System.nanoTime() - since) * 1e-9));
            }
        }
        return new Limits(flops, bytes, how(threads, flops, bytes));
    }

    private static String how(int threads, double flops, double bytes) {
        return String.format(
                Locale.ROOT,
                "%.1f GFLOP/s: %d threads, each %d independent chains of fused multiply-adds on "
                        + "%d lanes in registers, best of %d rounds; %.1f GB/s: the same threads "
                        + "read %d MiB once, best of %d",
                flops * 1e-9,
                threads,
                CHAINS,
                F.length(),
                ROUNDS,
                bytes * 1e-9,
                BLOCK >> 20,
                ROUNDS / 4);
    }

    private static void multiply(int loops, MemorySegment sums, long at) {
        FloatVector x = FloatVector.broadcast(F, 0.5f);
        FloatVector y = FloatVector.broadcast(F, at + 1.0f);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        for (int n = 0; n < loops; n++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
        sum.add(g).add(h).add(i).add(j).add(k).add(l).intoMemorySegment(sums, at, ORDER);
    }

    private static void read(MemorySegment block, long part, MemorySegment sums) {
        long from = part * (BLOCK / PARTS);
        int step = F.vectorByteSize();
        FloatVector a = FloatVector.zero(F);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (long at = from; at < from + BLOCK / PARTS; at += 4L * step) {
            a = a.add(FloatVector.fromMemorySegment(F, block, at, ORDER));
            b = b.add(FloatVector.fromMemorySegment(F, block, at + step, ORDER));
            c = c.add(FloatVector.fromMemorySegment(F, block, at + 2L * step, ORDER));
            d = d.add(FloatVector.fromMemorySegment(F, block, at + 3L * step, ORDER));
        }
        sums.set(JAVA_FLOAT_UNALIGNED, part * 64, Lanes.sum(a.add(b).add(c.add(d))));
    }
}
