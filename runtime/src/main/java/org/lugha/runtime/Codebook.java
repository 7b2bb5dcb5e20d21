package org.lugha.runtime;

import java.util.Arrays;

/**
 * The numbers that the codes of a quantised weight stand for, in ascending order.
 *
 * <p>A number gets the code of the nearest value: as many as there are midpoints of neighbours
 * strictly below it. So a tie gets the lower code, as in the decision tree of bitsandbytes, and NaN
 * gets code 0.
 */
public final class Codebook {
    /** Normal float 4 (Dettmers et al. 2023), as bitsandbytes has it. */
    private static final float[] NF4 = {
        -1f,
        -0.6961928f,
        -0.52507305f,
        -0.3949175f,
        -0.28444138f,
        -0.18477343f,
        -0.091050036f,
        0f,
        0.0795803f,
        0.1609302f,
        0.2461123f,
        0.33791524f,
        0.44070983f,
        0.562617f,
        0.72295684f,
        1f
    };

    private static final int EXPONENTS = 7;

    private Codebook() {}

    /** The 16 values of NF4. */
    public static float[] nf4() {
        return NF4.clone();
    }

    /**
     * The 256 values of the signed dynamic type (Dettmers 2016, Dettmers et al. 2022): for {@code e
     * = 0..6} the midpoints of {@code 2^e} equal parts of [0.1, 1], times {@code 10^(e - 6)}, with
     * both signs; 0; and 1. Computed in F32 like bitsandbytes' {@code create_dynamic_map}.
     */
    public static float[] dynamic8() {
        float[] values = new float[2 * ((1 << EXPONENTS) - 1) + 2];
        int n = 0;
        for (int e = 0; e < EXPONENTS; e++) {
            float factor = (float) Math.pow(10, e - (EXPONENTS - 1));
            int parts = 1 << e;
            for (int i = 0; i < parts; i++) {
                float middle = (boundary(i, parts) + boundary(i + 1, parts)) / 2;
                values[n++] = factor * middle;
                values[n++] = -factor * middle;
            }
        }
        values[n] = 1;
        Arrays.sort(values);
        return values;
    }

    /**
     * The 256 values of the unsigned dynamic type, for numbers that are never below 0: as {@link
     * #dynamic8} with {@code 2^(e + 1)} parts and one sign.
     */
    public static float[] dynamic8Unsigned() {
        float[] values = new float[256];
        int n = 0;
        for (int e = 0; e < EXPONENTS; e++) {
            float factor = (float) Math.pow(10, e - (EXPONENTS - 1));
            int parts = 2 << e;
            for (int i = 0; i < parts; i++) {
                values[n++] = factor * ((boundary(i, parts) + boundary(i + 1, parts)) / 2);
            }
        }
        values[n] = 1;
        Arrays.sort(values);
        return values;
    }

    /** Point i of so many equal steps from 0.1 to 1, counted from the nearer end. */
    private static float boundary(int i, int parts) {
        float step = (1 - 0.1f) / parts;
        return i < (parts + 1) / 2 ? Math.fma(step, i, 0.1f) : Math.fma(-step, parts - i, 1f);
    }

    /** What separates neighbours: one number less than there are values. */
    public static float[] midpoints(float... values) {
        float[] middle = new float[values.length - 1];
        for (int i = 0; i < middle.length; i++) {
            middle[i] = (float) (((double) values[i] + values[i + 1]) / 2);
        }
        return middle;
    }

    /** How many midpoints lie strictly below {@code v}: the code of the nearest value. */
    public static int nearest(float[] midpoints, float v) {
        int from = 0;
        int to = midpoints.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (v > midpoints[middle]) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
