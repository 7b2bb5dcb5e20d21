package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Products with weights in few bits, and the way there and back. */
final class Quant implements Family {
    private static final int BLOCK = 64;
    private static final int NESTED = 256;

    @Override
    public String name() {
        return "quant";
    }

    @Override
    public String grammar() {
        return "MxNxK [NN|NT] [nf4|nested|int8] for a product, or NxK quantize|dequantize [nf4|nested|int8]";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "quant 512x896x896 NT",
                "quant 512x4864x896 NT",
                "quant 512x896x4864 NN",
                "quant 512x4864x896 NT nested",
                "quant 512x4864x896 NT int8",
                "quant 1x4864x896 NT",
                "quant 4864x896 quantize",
                "quant 4864x896 dequantize",
                "quant 4864x896 quantize int8",
                "quant 4864x896 dequantize int8");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("NN", "NT", "nf4", "nested", "int8", "quantize", "dequantize");
        if (c.has("quantize") || c.has("dequantize")) {
            int[] s = c.sizes("NxK");
            double count = (double) s[0] * s[1];
            return new Workload(c, 2 * count, (4 + bytes(c)) * count, device -> convert(c, device));
        }
        int[] s = c.sizes("MxNxK");
        double weights = (double) s[1] * s[2];
        return new Workload(
                c,
                2 * s[0] * weights,
                bytes(c) * weights + 4.0 * s[0] * s[2] + 4.0 * s[0] * s[1],
                device -> product(c, device));
    }

    /** Of one weight. */
    private static double bytes(Case c) {
        return c.has("int8") ? 1 : c.has("nested") ? 0.5 + 1.0 / BLOCK : 0.5 + 4.0 / BLOCK;
    }

    private static Quantized quantized(Case c, Tensor x) {
        if (c.has("int8")) {
            return Quantized.int8(x);
        }
        return c.has("nested") ? Quantized.nf4(x, BLOCK, NESTED) : Quantized.nf4(x, BLOCK);
    }

    private static Runnable convert(Case c, Device device) {
        int[] s = c.sizes("NxK");
        Tensor x = Operands.floats(device, DType.F32, s[0], s[1]);
        if (c.has("quantize")) {
            return () -> {
                try (var _ = org.lugha.runtime.Scope.open("quantize")) {
                    quantized(c, x);
                }
            };
        }
        Quantized w = quantized(c, x);
        var kernel = device.kernels().quant();
        return () -> kernel.dequantize(w, Into.overwrite(x));
    }

    private static Runnable product(Case c, Device device) {
        int[] s = c.sizes("MxNxK");
        boolean isTurned = c.has("NT");
        Tensor a = Operands.floats(device, DType.F32, s[0], s[2]);
        Tensor b =
                Operands.floats(device, DType.F32, isTurned ? s[1] : s[2], isTurned ? s[2] : s[1]);
        Quantized w = quantized(c, b);
        Into y = Into.overwrite(Operands.floats(device, DType.F32, s[0], s[1]));
        var kernel = device.kernels().quant();
        return () -> kernel.gemm(false, isTurned, 1, a, w, y);
    }
}
