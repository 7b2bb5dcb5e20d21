package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.lugha.models.RequestException;

class MixingTest {
    private static double[] mix(long[] sizes, double temperature, double... weights) {
        return Mixing.probabilities(sizes, weights, temperature);
    }

    @Test
    void sharesRaisedToOneOverTheTemperature() {
        assertArrayEquals(new double[] {.75, .25}, mix(new long[] {900, 100}, 2, 1, 1), 1e-12);
        assertArrayEquals(new double[] {.9, .1}, mix(new long[] {900, 100}, 1, 1, 1), 1e-12);
        assertArrayEquals(new double[] {.6, .4}, mix(new long[] {900, 100}, 2, 1, 2), 1e-12);
        assertArrayEquals(new double[] {1, 0, 0}, mix(new long[] {5, 5, 0}, 3, 1, 0, 1), 0);
    }

    @Property
    void sumsToOneAndIsNoMatterOfTheUnit(
            @ForAll @Size(4) long[] any,
            @ForAll @DoubleRange(min = 0.2, max = 100) double temperature,
            @ForAll @LongRange(min = 2, max = 50) long unit) {
        long[] sizes = Arrays.stream(any).map(n -> 1 + Math.floorMod(n, 1_000_000L)).toArray();
        long[] scaled = Arrays.stream(sizes).map(n -> n * unit).toArray();
        double[] p = mix(sizes, temperature, 1, 2, .5, 1);
        assertEquals(1, Arrays.stream(p).sum(), 1e-12);
        assertArrayEquals(p, mix(scaled, temperature, 1, 2, .5, 1), 1e-9);
    }

    @Test
    void whatCannotBeMixedIsRefused() {
        assertThrows(RequestException.class, () -> mix(new long[] {1}, 0, 1));
        assertThrows(RequestException.class, () -> mix(new long[] {1}, Double.NaN, 1));
        assertThrows(RequestException.class, () -> mix(new long[] {1}, 1, -1));
        assertThrows(RequestException.class, () -> mix(new long[] {0, 4}, 1, 1, 0));
        assertThrows(RequestException.class, () -> mix(new long[0], 1));
        assertThrows(IllegalArgumentException.class, () -> mix(new long[] {1}, 1));
    }
}
