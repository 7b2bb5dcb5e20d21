package org.lugha.runtime.measure;

import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** Made-up numbers, quickly: a block of random ones, again and again. */
final class Operands {
    private static final int BLOCK = 1 << 16;

    private Operands() {}

    /** Floats from -1 to 1. */
    static Tensor floats(Device device, DType dtype, int... dims) {
        Tensor t = Tensor.empty(device, DType.F32, Shape.of(dims));
        Tensor some = Tensor.rand(device, DType.F32, Shape.of(BLOCK), -1, 1, 7);
        Tensor flat = t.view(Shape.of(Math.toIntExact(t.count())));
        for (long at = 0; at < t.count(); at += BLOCK) {
            int n = (int) Math.min(BLOCK, t.count() - at);
            Tensor part = flat.slice(0, (int) at, (int) at + n);
            device.kernels()
                    .copy()
                    .copy(some.slice(0, 0, n), org.lugha.runtime.spi.Into.overwrite(part));
        }
        return dtype == DType.F32 ? t : t.copy(dtype);
    }

    /** Ids from 0 to below {@code most}. */
    static Tensor ids(Device device, int most, int... dims) {
        Shape shape = Shape.of(dims);
        int[] all = new int[Math.toIntExact(shape.count())];
        for (int i = 0; i < all.length; i++) {
            all[i] = (int) (Philox.uniform(11, i) * most);
        }
        return Tensor.of(device, shape, all);
    }

    /** The type that a word names, else F32. */
    static DType dtype(Case c) {
        return c.has("bf16") ? DType.BF16 : c.has("f16") ? DType.F16 : DType.F32;
    }
}
