package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DTypeTest {
    private final MemorySegment memory = MemorySegment.ofArray(new byte[8]);

    private double stored(DType dtype, double value) {
        dtype.set(memory, 0, value);
        return dtype.get(memory, 0);
    }

    @ParameterizedTest
    @CsvSource({
        // ties go to the even neighbour
        "BF16, 0x1.01p0, 0x1.00p0",
        "BF16, 0x1.03p0, 0x1.04p0",
        "BF16, -0x1.01p0, -0x1.00p0",
        "F16, 0x1.002p0, 0x1.000p0",
        "F16, 0x1.006p0, 0x1.008p0",
        // next to a tie, nearer than a float can tell
        "BF16, 0x1.0100000001p0, 0x1.02p0",
        "BF16, 0x1.00ffffffffp0, 0x1.00p0",
        "F16, 0x1.0020000001p0, 0x1.004p0",
        "F16, 0x1.001fffffffp0, 0x1.000p0",
        // overflow and underflow
        "F16, 65519, 65504",
        "F16, 65520, Infinity",
        "BF16, 3.39e38, 0x1.fep127",
        "BF16, 3.4e38, Infinity",
        "BF16, -1e300, -Infinity",
        "F32, 1e300, Infinity",
        "F16, 1e-300, 0",
        "F16, 0x1p-25, 0",
        "F16, 0x1.0000001p-25, 0x1p-24",
        "BF16, 0x1p-133, 0x1p-133",
        "F64, 0.1, 0.1",
        // integers round and saturate
        "I32, 2.5, 2",
        "I32, -3.5, -4",
        "I32, 1e10, 2147483647",
        "U8, 200, 200",
        "U8, 300, 255",
        "U8, -1, 0",
    })
    void rounds_once(DType dtype, String value, String expected) {
        assertEquals(Double.parseDouble(expected), stored(dtype, Double.parseDouble(value)));
    }

    @Test
    void nan_stays_nan() {
        for (DType dtype : DType.values()) {
            if (dtype.isFloat()) {
                assertTrue(Double.isNaN(stored(dtype, Double.NaN)), dtype.name());
            }
        }
        // a NaN whose upper bits are zero would become an infinity
        assertTrue(
                Float.isNaN(
                        Float.intBitsToFloat(
                                DType.toBf16(Float.intBitsToFloat(0x7F800001)) << 16)));
    }

    @Test
    void all_ones_are_nan() {
        memory.fill((byte) 0xFF);
        for (DType dtype : DType.values()) {
            assertEquals(dtype.isFloat(), Double.isNaN(dtype.get(memory, 0)), dtype.name());
        }
    }

    /** No other bfloat16 is nearer; of two equally near ones the even was taken. */
    @Property
    void bf16_is_nearest(@ForAll float value) {
        if (Float.isNaN(value) || Math.abs(value) > 3.38e38) {
            return;
        }
        short bits = DType.toBf16(value);
        double error = Math.abs(widen(bits) - (double) value);
        for (int step : new int[] {-1, 1}) {
            short neighbour = (short) (bits + step);
            if ((neighbour ^ bits) < 0 || (bits & 0x7FFF) == 0) {
                continue;
            }
            double other = Math.abs(widen(neighbour) - (double) value);
            assertTrue(
                    error < other || (error == other && (bits & 1) == 0),
                    () -> value + " became " + widen(bits));
        }
    }

    private static float widen(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
