package org.lugha.tools.demo.swahili;

import java.util.List;

/**
 * The SplitMix64 generator (Steele, Lea and Flood 2014), kept here so that a seed gives the same
 * sentences whatever the JDK's own generators become.
 */
final class SplitMix64 {
    private long state;

    SplitMix64(long seed) {
        state = seed;
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        return mix(state);
    }

    /** A number in [0, bound). */
    int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** True in {@code percent} of 100 draws. */
    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** The output function: a bijection of 64 bits that spreads every input bit. */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
