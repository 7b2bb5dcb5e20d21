package org.lugha.runtime;

/**
 * Random numbers as a function of (seed, index), never a stream: Philox 4x32-10 of Salmon et al.,
 * "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). Element {@code i} is word {@code i & 3}
 * of counter block {@code i >>> 2}, so any thread, device or recomputation sees the same value.
 */
public final class Philox {
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;

    private Philox() {}

    /** 32 random bits. */
    public static int bits(long seed, long index) {
        long block = index >>> 2;
        return word(
                (int) index & 3,
                (int) block,
                (int) (block >>> 32),
                0,
                0,
                (int) seed,
                (int) (seed >>> 32));
    }

    /** One of the four words that counter c and key k give. */
    static int word(int which, int c0, int c1, int c2, int c3, int k0, int k1) {
        long two = half(which >>> 1, c0, c1, c2, c3, k0, k1);
        return (int) ((which & 1) == 0 ? two : two >>> 32);
    }

    /** Words 0 and 1, or 2 and 3, the first in the low half. */
    private static long half(int which, int c0, int c1, int c2, int c3, int k0, int k1) {
        for (int round = 0; round < 10; round++) {
            long p0 = M0 * (c0 & LOW);
            long p1 = M1 * (c2 & LOW);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        return which == 0 ? (long) c1 << 32 | (c0 & LOW) : (long) c3 << 32 | (c2 & LOW);
    }

    /** Uniform in [0, 1), 24 bits: exact in F32. */
    public static float uniform(long seed, long index) {
        return (bits(seed, index) >>> 8) * 0x1p-24f;
    }

    /** Standard normal by Box and Muller, from words {@code 2 index} and {@code 2 index + 1}. */
    public static double normal(long seed, long index) {
        long block = index >>> 1;
        long two =
                half(
                        (int) index & 1,
                        (int) block,
                        (int) (block >>> 32),
                        0,
                        0,
                        (int) seed,
                        (int) (seed >>> 32));
        double u = (((int) two >>> 1) + 1) * 0x1p-31;
        double v = ((int) (two >>> 32) >>> 1) * 0x1p-31;
        return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
    }

    /** A new seed for a named or numbered part of a run, independent of its siblings. */
    public static long derive(long seed, long part) {
        return (long) bits(seed ^ 0x6C756768610AL, 2 * part) << 32
                | (bits(seed ^ 0x6C756768610AL, 2 * part + 1) & LOW);
    }
}
