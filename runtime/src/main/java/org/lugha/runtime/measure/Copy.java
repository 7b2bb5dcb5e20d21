package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Copies and conversions between types. */
final class Copy implements Family {
    @Override
    public String name() {
        return "copy";
    }

    @Override
    public String grammar() {
        return "N [FROM-TO] or RxD transposed: elements and two of f32, bf16, f16; f32-f32 by default";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "copy 16777216 f32-f32",
                "copy 16777216 f32-bf16",
                "copy 16777216 bf16-f32",
                "copy 16777216 f32-f16",
                "copy 16777216 f16-f32",
                "copy 2048x2048 transposed");
    }

    @Override
    public Workload workload(Case c) {
        String type = "(f32|bf16|f16)";
        c.allow(type + "-" + type, "transposed");
        boolean isTransposed = c.has("transposed");
        int[] s = c.sizes(isTransposed ? "RxD" : "N");
        double count = isTransposed ? (double) s[0] * s[1] : s[0];
        double bytes = (double) (type(c, 0).bytes() + type(c, 1).bytes()) * count;
        return new Workload(c, 0, bytes, device -> setUp(c, device));
    }

    private static DType type(Case c, int side) {
        String[] names =
                c.words().stream()
                        .filter(w -> w.contains("-"))
                        .findFirst()
                        .orElse("f32-f32")
                        .split("-", 2);
        return switch (names[side]) {
            case "bf16" -> DType.BF16;
            case "f16" -> DType.F16;
            default -> DType.F32;
        };
    }

    private static Runnable setUp(Case c, Device device) {
        var kernel = device.kernels().copy();
        if (c.has("transposed")) {
            int[] s = c.sizes("RxD");
            Tensor x = Operands.floats(device, DType.F32, s[0], s[1]).transpose(0, 1);
            Into y = Into.overwrite(Tensor.empty(device, DType.F32, Shape.of(s[1], s[0])));
            return () -> kernel.copy(x, y);
        }
        int n = c.sizes("N")[0];
        Tensor x = Operands.floats(device, type(c, 0), n);
        Into y = Into.overwrite(Tensor.empty(device, type(c, 1), Shape.of(n)));
        return () -> kernel.copy(x, y);
    }
}
