package org.lugha.runtime.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ScoresTest {
    @Test
    void slopes_of_a_power_of_two_halve_each_time() {
        float[] eight = {.5f, .25f, .125f, .0625f, .03125f, .015625f, .0078125f, .00390625f};
        assertArrayEquals(eight, Scores.alibiSlopes(8));
        assertArrayEquals(new float[] {0x1p-8f}, Scores.alibiSlopes(1));
        float root = (float) Math.sqrt(0.5);
        assertEquals(root, Scores.alibiSlopes(16)[0]);
    }

    /** Twelve heads: those of eight, then the first four odd ones of sixteen. */
    @Test
    void slopes_of_other_counts() {
        float[] twelve = Scores.alibiSlopes(12);
        float[] sixteen = Scores.alibiSlopes(16);
        for (int h = 0; h < 8; h++) {
            assertEquals(Scores.alibiSlopes(8)[h], twelve[h]);
        }
        for (int h = 8; h < 12; h++) {
            assertEquals(sixteen[2 * (h - 8)], twelve[h]);
        }
        assertEquals(0, Scores.alibiSlopes(0).length);
    }

    @Test
    void compared_by_content() {
        Scores a = Scores.scaled(0.5, Mask.causal()).withSlopes(1, 2);
        assertEquals(a, Scores.scaled(0.5, Mask.causal()).withSlopes(1, 2));
        assertEquals(a.hashCode(), Scores.scaled(0.5, Mask.causal()).withSlopes(1, 2).hashCode());
        assertNotEquals(a, a.withSoftCap(30));
        assertNotEquals(a, a.withMask(Mask.full()));
        assertEquals("scale 0.5 soft cap 30.0 slopes causal", a.withSoftCap(30).toString());
        assertThrows(IllegalArgumentException.class, () -> a.withSoftCap(-1));
    }
}
