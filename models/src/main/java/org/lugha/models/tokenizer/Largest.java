package org.lugha.models.tokenizer;

import java.util.Arrays;

/** Which of many numbers are the largest. */
final class Largest {
    private Largest() {}

    /** Marks so many; of equal ones the first. */
    static boolean[] of(long[] numbers, int count) {
        boolean[] marked = new boolean[numbers.length];
        if (count >= numbers.length) {
            Arrays.fill(marked, true);
            return marked;
        }
        long[] sorted = numbers.clone();
        Arrays.sort(sorted);
        long least = count <= 0 ? Long.MAX_VALUE : sorted[sorted.length - count];
        int left = Math.max(0, count);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > least) {
                marked[i] = true;
                left--;
            }
        }
        for (int i = 0; i < numbers.length && left > 0; i++) {
            if (numbers[i] == least) {
                marked[i] = true;
                left--;
            }
        }
        return marked;
    }

    /** The same of numbers that need not be whole; none may be NaN. */
    static boolean[] of(double[] numbers, int count) {
        long[] ordered = new long[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            // Adding 0 makes one zero of both; the bits of negative numbers fall as they grow.
            long bits = Double.doubleToLongBits(numbers[i] + 0.0);
            ordered[i] = bits < 0 ? Long.MIN_VALUE - bits - 1 : bits;
        }
        return of(ordered, count);
    }
}
