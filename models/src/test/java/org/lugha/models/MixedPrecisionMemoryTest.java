package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.settings.Precision;
import org.lugha.runtime.Device;

/** What frozen weights and saved values in BF16 take of the memory of F32. */
class MixedPrecisionMemoryTest {
    private static final Device CPU = MixedPrecisionTest.CPU;

    /** Bytes of weights, and at most in a step beyond them. */
    private record Bytes(long weights, long step) {}

    private static Bytes bytes(Precision precision, boolean recompute) {
        long before = CPU.memory().usage().live();
        try (var model = MixedPrecisionTest.tiny(CPU, precision, "num_hidden_layers", 24)) {
            long weights = CPU.memory().usage().live() - before;
            new Lora(2, 4, LoraTargets.allLinear()).attachTo(model, 1);
            Tokens t = MixedPrecisionTest.tokens(2, 32);
            long start = 0;
            for (int i = 0; i < 2; i++) { // the first leaves gradients behind
                start = CPU.memory().usage().live();
                CPU.memory().resetPeak();
                MixedPrecisionTest.step(model, t, t.ids(), precision.saved(), recompute);
            }
            return new Bytes(weights, CPU.memory().usage().peak() - start);
        }
    }

    /** Measured: 0.552. */
    @Test
    void weightsAndSavedValuesAreHalfAsLarge() {
        Bytes exact = bytes(Precision.F32, false);
        Bytes mixed = bytes(Precision.BF16, false);
        assertEquals(exact.weights, 2 * mixed.weights);
        double ratio = (double) mixed.step / exact.step;
        assertTrue(ratio < 0.57, "a step's peak is " + ratio + " of F32's");
    }

    /**
     * What goes into blocks stays exact, so that the bits stay the same: then BF16 halves the
     * weights alone. Measured: 0.29 of what keeping takes.
     */
    @Test
    void blocksComputedAgainNeedLessInEither() {
        Bytes kept = bytes(Precision.BF16, false);
        Bytes again = bytes(Precision.BF16, true);
        assertTrue(again.step < 0.4 * kept.step, kept + ", computed again " + again);
        assertTrue(again.step < 1.05 * bytes(Precision.F32, true).step, "as much as in F32");
    }
}
