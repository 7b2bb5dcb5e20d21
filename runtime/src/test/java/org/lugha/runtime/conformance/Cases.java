package org.lugha.runtime.conformance;

/** Lengths and betas that break loops. */
final class Cases {
    static final int[] SHORT = {1, 3, 7, 8, 13, 16, 17, 31};
    static final int[] LENGTHS = {0, 1, 3, 7, 8, 13, 16, 17, 31, 64, 100, 207, 1023};
    static final int[] WIDTHS = {1, 3, 7, 8, 13, 16, 17, 31, 64, 100, 207, 1023};
    static final float[] BETAS = {0, 1, 0.5f};

    private Cases() {}

    /** A beta that changes with the case, where trying all of them would take too long. */
    static float beta(int number) {
        return BETAS[Math.floorMod(number, BETAS.length)];
    }
}
