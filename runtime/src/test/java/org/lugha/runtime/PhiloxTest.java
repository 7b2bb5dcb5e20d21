package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PhiloxTest {
    /** Known answers of philox4x32-10 that Salmon et al. publish with Random123. */
    @Test
    void known_answers() {
        int[] zero = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
        int[] ones = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
        int[] pi = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
        for (int w = 0; w < 4; w++) {
            assertEquals(zero[w], Philox.word(w, 0, 0, 0, 0, 0, 0));
            assertEquals(ones[w], Philox.word(w, -1, -1, -1, -1, -1, -1));
            assertEquals(
                    pi[w],
                    Philox.word(
                            w,
                            0x243f6a88,
                            0x85a308d3,
                            0x13198a2e,
                            0x03707344,
                            0xa4093822,
                            0x299f31d0));
            assertEquals(zero[w], Philox.bits(0, w));
        }
    }

    @Test
    void the_index_counts_words_and_the_seed_is_the_key() {
        assertEquals(
                Philox.word(2, 0x89ABCDEF, 0x1, 0, 0, 0x55667788, 0x11223344),
                Philox.bits(0x1122334455667788L, (0x189ABCDEFL << 2) + 2));
    }

    @Property
    void uniform_is_in_its_interval(@ForAll long seed, @ForAll long index) {
        float u = Philox.uniform(seed, index);
        assertTrue(u >= 0 && u < 1, () -> "" + u);
        assertTrue(Double.isFinite(Philox.normal(seed, index >>> 2)));
    }

    @Test
    void uniform_is_even() {
        int[] bins = new int[10];
        for (int i = 0; i < 100_000; i++) {
            bins[(int) (10 * Philox.uniform(42, i))]++;
        }
        for (int n : bins) {
            assertEquals(10_000, n, 400);
        }
    }

    @Test
    void derived_seeds_differ() {
        assertNotEquals(Philox.derive(1, 0), Philox.derive(1, 1));
        assertNotEquals(Philox.derive(1, 0), Philox.derive(2, 0));
        assertEquals(Philox.derive(3, 5), Philox.derive(3, 5));
    }
}
