package org.lugha.runtime.cpu.matmul;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.reference.RefMatmul;
import org.lugha.runtime.spi.Into;

class PanelCacheTest {
    private static final Device CPU = Devices.get("cpu");
    private static final Workers TWO = new Workers(2);
    private static final CpuMatmul PLAIN = new CpuMatmul(TWO, new RefMatmul());
    private static final int OUT = 2100;
    private static final int IN = 1030;

    private static double[] product(CpuMatmul kernel, boolean tb, Tensor x, Tensor w) {
        Tensor c = Tensor.full(CPU, DType.F32, Shape.of(x.dim(0), w.dim(tb ? 0 : 1)), 0.25);
        kernel.gemm(false, tb, 0.5, x, w, new Into(c, 1));
        return c.toArray();
    }

    @Test
    void bits_are_the_same_with_kept_panels() {
        try (var _ = Scope.open("kept")) {
            for (DType type : new DType[] {DType.F32, DType.BF16}) {
                var cache = new PanelCache(1 << 26);
                var kernel = new CpuMatmul(TWO, new RefMatmul(), cache);
                Tensor w = Tensor.randn(CPU, type, Shape.of(OUT, IN), 1);
                Tensor x = Tensor.randn(CPU, DType.F32, Shape.of(40, IN), 2);
                Tensor dy = Tensor.randn(CPU, DType.F32, Shape.of(31, OUT), 3);
                product(kernel, true, x, w);
                assertEquals(0, cache.bytes(), "not frozen yet");
                w.storage().freeze();
                for (int i = 0; i < 3; i++) {
                    assertArrayEquals(product(PLAIN, true, x, w), product(kernel, true, x, w));
                    assertArrayEquals(product(PLAIN, false, dy, w), product(kernel, false, dy, w));
                }
                assertTrue(cache.bytes() >= 2L * 4 * OUT * IN, "both directions are kept");
                Tensor part = w.slice(0, 7, 300);
                assertArrayEquals(product(PLAIN, true, x, part), product(kernel, true, x, part));
            }
        }
    }

    @Test
    void the_budget_holds_and_who_comes_first_stays() {
        try (var _ = Scope.open("budget")) {
            var cache = new PanelCache(150_000);
            var kernel = new CpuMatmul(TWO, new RefMatmul(), cache);
            Tensor x = Tensor.randn(CPU, DType.F32, Shape.of(40, 128), 1);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 5; i++) {
                    Tensor w = Tensor.randn(CPU, DType.F32, Shape.of(128, 128), i);
                    w.storage().freeze();
                    assertArrayEquals(product(PLAIN, true, x, w), product(kernel, true, x, w));
                    assertEquals(Math.min(2, round * 5 + i + 1) * 65536L, cache.bytes());
                }
            }
        }
    }

    @Test
    void what_is_freed_or_written_is_forgotten() {
        try (var _ = Scope.open("forgotten")) {
            var cache = new PanelCache(1 << 24);
            var kernel = new CpuMatmul(TWO, new RefMatmul(), cache);
            Tensor x = Tensor.randn(CPU, DType.F32, Shape.of(40, 128), 1);
            try (var _ = Scope.open("inner")) {
                Tensor w = Tensor.randn(CPU, DType.F32, Shape.of(128, 128), 2);
                w.storage().freeze();
                product(kernel, true, x, w);
                assertEquals(65536, cache.bytes());
            }
            assertEquals(0, cache.bytes());
            Tensor w = Tensor.randn(CPU, DType.F32, Shape.of(128, 128), 3);
            w.storage().freeze();
            product(kernel, true, x, w);
            CPU.kernels().elementwise().scale(2, w, Into.overwrite(w));
            assertFalse(w.storage().isFrozen());
            assertEquals(0, cache.bytes());
            assertArrayEquals(product(PLAIN, true, x, w), product(kernel, true, x, w));
            w.storage().freeze();
            product(kernel, true, x, w);
            w.set(5, 77);
            assertEquals(0, cache.bytes());
            assertArrayEquals(product(PLAIN, true, x, w), product(kernel, true, x, w));
        }
    }

    @Test
    void a_budget_that_is_no_number_is_refused_by_name() {
        PanelCache.wanted(null);
        PanelCache.wanted(" 64 ");
        for (String bad : new String[] {"much", "-1", "", "9999999999999999999"}) {
            var thrown = assertThrows(DeviceException.class, () -> PanelCache.wanted(bad));
            assertTrue(thrown.getMessage().contains("lugha.panels"), thrown.getMessage());
        }
    }
}
