package org.lugha.runtime.conformance;

import org.lugha.runtime.DType;

/** Lengths and betas that break loops. */
final class Cases {
    static final int[] SHORT = {1, 3, 7, 8, 13, 16, 17, 31};

    /** The last is long enough for several threads. */
    static final int[] LENGTHS = {0, 1, 3, 7, 8, 13, 16, 17, 31, 64, 100, 207, 1023, 70_001};

    static final int[] WIDTHS = {1, 3, 7, 8, 13, 16, 17, 31, 64, 100, 207, 1023};
    static final float[] BETAS = {0, 1, 0.5f};

    /** Pairs of types that meet in one call: activations, then weights. */
    static final DType[][] NARROW = {
        {DType.BF16, DType.BF16},
        {DType.F16, DType.F16},
        {DType.BF16, DType.F32},
        {DType.F32, DType.BF16},
        {DType.F16, DType.F32},
    };

    /**
     * Relative: one place of BF16, which a result on the edge of two may fall to either side of.
     */
    static final double NARROW_NEAR = 0x1p-7;

    private Cases() {}

    /** Numbers of rows to try with a width; with some, enough for several threads. */
    static int[] rows(int width) {
        return width == 100 || width == 207
                ? new int[] {0, 1, 3, 33, 130, 701}
                : new int[] {0, 1, 3, 33, 130};
    }

    /** A beta that changes with the case, where trying all of them would take too long. */
    static float beta(int number) {
        return BETAS[Math.floorMod(number, BETAS.length)];
    }
}
