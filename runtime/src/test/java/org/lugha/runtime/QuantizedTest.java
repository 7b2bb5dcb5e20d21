package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.runtime.spi.Into;

/** Bits worked out by hand, on both devices. */
class QuantizedTest {
    /** Thresholds of bitsandbytes' decision tree. */
    private static final float[] TREE = {
        -0.8480964f,
        -0.6106329f,
        -0.45999527f,
        -0.33967942f,
        -0.2346074f,
        -0.13791174f,
        -0.045525018f,
        0.03979015f,
        0.12025525f,
        0.20352125f,
        0.29201376f,
        0.38931254f,
        0.50166345f,
        0.6427869f,
        0.86147845f
    };

    private static Tensor widened(Quantized w) {
        Tensor y = Tensor.empty(w.device(), DType.F32, w.shape());
        w.device().kernels().quant().dequantize(w, Into.overwrite(y));
        return y;
    }

    @Test
    void midpoints_are_the_thresholds_of_the_tree_and_ties_go_down() {
        float[] midpoints = Codebook.midpoints(Codebook.nf4());
        assertArrayEquals(TREE, midpoints);
        for (int i = 0; i < TREE.length; i++) {
            assertEquals(i, Codebook.nearest(midpoints, TREE[i]));
            assertEquals(i + 1, Codebook.nearest(midpoints, Math.nextUp(TREE[i])));
        }
        assertEquals(0, Codebook.nearest(midpoints, Float.NaN));
        assertEquals(15, Codebook.nearest(midpoints, 7));
        assertEquals(0, Codebook.nearest(midpoints, -7));
    }

    @Test
    void unsigned_dynamic_table() {
        float[] t = Codebook.dynamic8Unsigned();
        assertEquals(256, t.length);
        assertEquals(0f, t[0]);
        assertEquals(3.2500003e-7f, t[1]);
        assertEquals(1f, t[255]);
        assertEquals(-301202699, Arrays.hashCode(t), "the bits that PyTorch computes");
    }

    @Test
    void dynamic_table() {
        float[] t = Codebook.dynamic8();
        assertEquals(256, t.length);
        assertEquals(-0.99296874f, t[0]);
        assertEquals(0f, t[127]);
        assertEquals(5.5000004e-7f, t[128]);
        assertEquals(0.99296874f, t[254]);
        assertEquals(1f, t[255]);
        assertEquals(-1933620627, Arrays.hashCode(t), "the bits that PyTorch computes");
        for (int i = 1; i < 256; i++) {
            assertTrue(t[i] > t[i - 1]);
            assertTrue(i == 255 || t[i] == -t[254 - i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void int8_by_hand(String device) {
        try (var _ = Scope.open("test")) {
            Tensor x =
                    Tensor.of(
                            Devices.get(device),
                            Shape.of(3, 4),
                            254f,
                            -254f,
                            1f,
                            3f,
                            0f,
                            0f,
                            -0f,
                            0f,
                            -63.5f,
                            0.25f,
                            0.75f,
                            1.25f);
            Quantized.Int8 w = Quantized.int8(x);
            assertArrayEquals(new double[] {2, 0, 0.5}, w.scales().toArray());
            assertArrayEquals( // 0.5 and 1.5 go to the even neighbour
                    new double[] {127, 129, 0, 2, 0, 0, 0, 0, 129, 0, 2, 2}, w.codes().toArray());
            assertArrayEquals(
                    new double[] {254, -254, 0, 4, 0, 0, 0, 0, -63.5, 0, 1, 1},
                    widened(w).toArray());
            assertEquals(24, w.bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void nf4_by_hand(String device) {
        try (var _ = Scope.open("test")) {
            float[] nf4 = Codebook.nf4();
            Tensor x =
                    Tensor.generate(
                            Devices.get(device),
                            DType.F32,
                            Shape.of(3, 35),
                            i -> i < 64 ? 2 * nf4[(int) i % 16] : i < 80 ? 0 : i == 81 ? -3 : 1);
            Quantized.Nf4 w = Quantized.nf4(x, 16);
            double[] codes = w.codes().toArray();
            assertEquals(53, codes.length);
            for (int i = 0; i < 32; i++) { // the first element is the high half
                assertEquals((2 * i % 16) << 4 | (2 * i + 1) % 16, codes[i]);
            }
            assertEquals(0x77, codes[32]);
            assertEquals(0xB0, codes[40]); // 1/3 is nearest to 0.338, code 11
            assertEquals(0xBB, codes[41]);
            assertEquals(0xF0, codes[52]); // the last block is one element
            assertArrayEquals(
                    new double[] {2, 2, 2, 2, 0, 3, 1},
                    ((Absmax.Plain) w.absmax()).values().toArray());
            double[] y = widened(w).toArray();
            for (int i = 0; i < 80; i++) {
                assertEquals(i < 64 ? 2 * nf4[i % 16] : 0, y[i]);
            }
            assertEquals(3 * nf4[11], (float) y[80]);
            assertEquals(-3, y[81]);
            assertEquals(1, y[104]);
            assertEquals(53 + 28, w.bytes());
        }
    }

    /** {@code absmax = table[code] * absmax2 + offset}, rounded after each operation. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void nested_by_hand(String device) {
        try (var _ = Scope.open("test")) {
            Tensor x =
                    Tensor.generate(
                            Devices.get(device),
                            DType.F32,
                            Shape.of(17, 16),
                            i -> i % 16 == 3 ? 1 + i / 16 : 0);
            Quantized.Nf4 w = Quantized.nf4(x, 16, 16);
            Absmax.Nested n = (Absmax.Nested) w.absmax();
            assertArrayEquals(new double[] {9}, n.offset().toArray());
            assertArrayEquals(new double[] {8, 8}, n.absmax().toArray());
            assertEquals(0, n.codes().get(0)); // -8 of 8 is nearest to -0.99296875
            assertEquals(127, n.codes().get(8));
            assertEquals(255, n.codes().get(16));
            double[] y = widened(w).toArray();
            assertEquals(-0.99296874f * 8 + 9, (float) y[3]);
            assertEquals(9, y[8 * 16 + 3]);
            assertEquals(17, y[16 * 16 + 3]);
            assertEquals(17 * 8 + 17 + 4 * (256 + 2 + 1), w.bytes());
        }
    }

    @Test
    void parts_that_do_not_fit_are_refused() {
        try (var _ = Scope.open("test")) {
            Device d = Devices.get("reference");
            Tensor x = Tensor.zeros(d, DType.F32, Shape.of(4, 20));
            Tensor bytes = Tensor.zeros(d, DType.U8, Shape.of(40));
            Tensor two = Tensor.zeros(d, DType.F32, Shape.of(2));
            Absmax.Plain absmax = new Absmax.Plain(two);
            assertEquals(2, new Quantized.Nf4(x.shape(), 64, bytes, absmax).absmax().count());
            assertEquals(
                    "nf4: a block is a power of two from 16 up, got 48",
                    message(() -> Quantized.nf4(x, 48)));
            assertEquals(
                    "nf4 absmax: [4, 20] has 5 blocks of 16, got 2",
                    message(() -> new Quantized.Nf4(x.shape(), 16, bytes, absmax)));
            assertEquals(
                    "int8 scales: expected 4 contiguous F32, got F32[2]@reference",
                    message(() -> new Quantized.Int8(bytes.view(4, 10), two)));
        }
    }

    private static String message(Runnable r) {
        return assertThrows(ShapeException.class, r::run).getMessage();
    }
}
