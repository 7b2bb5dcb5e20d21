package org.lugha.runtime.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FamilyTest {
    @Test
    void every_standard_case_is_read_back_as_it_was_written() {
        for (Family f : Family.ALL) {
            for (String text : f.standard()) {
                Workload w = Family.of(text);
                assertEquals(text, w.what().toString());
                assertEquals(f.name(), w.what().family());
                assertTrue(w.bytes() > 0, text);
            }
        }
    }

    @Test
    void work_is_counted_by_the_formula() {
        Workload w = Family.of("gemm 2x3x5 NT beta1 bf16");
        assertEquals(2 * 2 * 3 * 5, w.flop());
        assertEquals(4 * 2 * 5 + 2 * 3 * 5 + 8 * 2 * 3, w.bytes());
    }

    @Test
    void attention_counts_only_pairs_that_see_each_other() {
        assertEquals(2 * 2 * 4 * (1 + 2 + 3), Family.of("attention 1x1x3x4 forward").flop());
        assertEquals(2 * 2 * 4 * 3, Family.of("attention 1x1x3x4 window1 forward").flop());
        assertEquals(
                2 * 2 * 4 * (1 + 2 + 1), Family.of("attention 1x1x3x4 segments2 forward").flop());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemm",
                "gemm 3x4",
                "gemm 3x4x0",
                "gemm 3x4xfive",
                "gemm 3x4x5 NQ",
                "gem 3x4x5",
                "attention 1x4x8x8 kv3",
                "norm 3x4 int7"
            })
    void nonsense_is_refused_by_name(String text) {
        String said =
                assertThrows(IllegalArgumentException.class, () -> Family.of(text)).getMessage();
        assertTrue(said.contains(text) || said.contains("'gem'"), said);
    }

    @Test
    void a_timing_is_the_middle_of_its_rounds() {
        Timing t = Timing.of(Thread::onSpinWait, 3);
        assertTrue(t.best() > 0 && t.best() <= t.median(), t.toString());
    }
}
