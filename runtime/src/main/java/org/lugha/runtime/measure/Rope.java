package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Rotary positions. */
final class Rope implements Family {
    @Override
    public String name() {
        return "rope";
    }

    @Override
    public String grammar() {
        return "BxTxHxD [bf16|f16]: rows, tokens, heads, width of a head";
    }

    @Override
    public List<String> standard() {
        return List.of("rope 2x512x14x64", "rope 1x2048x8x128");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("bf16", "f16");
        int[] s = c.sizes("BxTxHxD");
        double count = (double) s[0] * s[1] * s[2] * s[3];
        return new Workload(
                c, 3 * count, 2 * Operands.dtype(c).bytes() * count, device -> setUp(c, device));
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("BxTxHxD");
        Tensor x = Operands.floats(device, Operands.dtype(c), s[0], s[1], s[2], s[3]);
        Tensor cos = Operands.floats(device, DType.F32, s[1], s[3] / 2);
        Tensor sin = Operands.floats(device, DType.F32, s[1], s[3] / 2);
        int[] positions = new int[s[0] * s[1]];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i % s[1];
        }
        Tensor at = Tensor.of(device, Shape.of(s[0], s[1]), positions);
        Into y = Into.overwrite(x.emptyLike());
        var kernel = device.kernels().rope();
        return () -> kernel.rotate(x, at, cos, sin, false, y);
    }
}
