package org.lugha.runtime.cpu.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;

/** Every half there is, and every float at which rounding to one changes. */
class ConvertTest {
    private static final int HALVES = 1 << 16;

    private static float widened(DType type, int bits) {
        return type == DType.BF16
                ? Float.intBitsToFloat(bits << 16)
                : Float.float16ToFloat((short) bits);
    }

    /** To the nearest, ties to even, by the definition. */
    private static short narrowed(DType type, float v) {
        return type == DType.BF16 ? DType.toBf16(v) : Float.floatToFloat16(v);
    }

    @Test
    void every_half_widens_exactly() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(2L * HALVES, 64);
            MemorySegment y = arena.allocate(4L * HALVES, 64);
            for (int i = 0; i < HALVES; i++) {
                x.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) i);
            }
            for (DType type : new DType[] {DType.BF16, DType.F16}) {
                Convert.run(type, x, 0, DType.F32, y, 0, HALVES);
                for (int i = 0; i < HALVES; i++) {
                    float expected = widened(type, i);
                    float actual = y.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    assertEquals(0, Float.compare(expected, actual), type + " " + i);
                }
            }
        }
    }

    /** Each half, the middle between it and the next, and the floats beside both. */
    @Test
    void every_threshold_narrows_like_the_definition() {
        try (Arena arena = Arena.ofConfined()) {
            int n = 6 * HALVES;
            MemorySegment x = arena.allocate(4L * n, 64);
            MemorySegment y = arena.allocate(2L * n, 64);
            for (DType type : new DType[] {DType.BF16, DType.F16}) {
                for (int i = 0; i < HALVES; i++) {
                    float here = widened(type, i);
                    float next = widened(type, i + 1 & 0xFFFF);
                    float middle = (float) (((double) here + next) / 2);
                    float[] six = {
                        here,
                        Math.nextUp(here),
                        Math.nextDown(here),
                        middle,
                        Math.nextUp(middle),
                        Math.nextDown(middle)
                    };
                    MemorySegment.copy(six, 0, x, ValueLayout.JAVA_FLOAT, 24L * i, 6);
                }
                Convert.run(DType.F32, x, 0, type, y, 0, n);
                for (int i = 0; i < n; i++) {
                    float v = x.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    short expected = narrowed(type, v);
                    short actual = y.getAtIndex(ValueLayout.JAVA_SHORT, i);
                    assertEquals(expected, actual, type + " of " + Float.toHexString(v));
                }
            }
        }
    }

    @Test
    void a_nan_stays_a_quiet_nan() {
        try (Arena arena = Arena.ofConfined()) {
            int[] nans = {0x7FC00000, 0xFFC00000, 0x7F800001, 0xFF800001, 0x7FFFFFFF, 0x7F812345};
            int n = 64;
            MemorySegment x = arena.allocate(4L * n, 64);
            MemorySegment y = arena.allocate(2L * n, 64);
            for (int i = 0; i < n; i++) {
                x.setAtIndex(ValueLayout.JAVA_INT, i, nans[i % nans.length]);
            }
            Convert.run(DType.F32, x, 0, DType.BF16, y, 0, n);
            for (int i = 0; i < n; i++) {
                short bits = y.getAtIndex(ValueLayout.JAVA_SHORT, i);
                assertEquals(DType.toBf16(Float.intBitsToFloat(nans[i % nans.length])), bits);
            }
            Convert.run(DType.F32, x, 0, DType.F16, y, 0, n);
            for (int i = 0; i < n; i++) {
                int bits = y.getAtIndex(ValueLayout.JAVA_SHORT, i);
                assertTrue((bits & 0x7E00) == 0x7E00, "exponent and quiet bit");
            }
        }
    }
}
