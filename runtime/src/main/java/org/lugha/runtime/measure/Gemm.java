package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Matrix products. */
final class Gemm implements Family {
    @Override
    public String name() {
        return "gemm";
    }

    @Override
    public String grammar() {
        return "MxNxK [NN|NT|TN|TT] [beta1] [bf16|f16]: which operand lies transposed, added to the "
                + "result or not, the right operand's type";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "gemm 128x128x128",
                "gemm 256x256x256",
                "gemm 512x512x512",
                "gemm 1024x1024x1024",
                "gemm 2048x2048x2048",
                "gemm 4096x4096x4096",
                "gemm 512x896x896 NT",
                "gemm 512x896x896 NN",
                "gemm 896x896x512 TN",
                "gemm 512x4864x896 NT",
                "gemm 512x896x4864 NN",
                "gemm 4864x896x512 TN",
                "gemm 512x896x4864 NT",
                "gemm 512x4864x896 NN",
                "gemm 896x4864x512 TN",
                "gemm 512x128x896 NT",
                "gemm 512x896x128 NN",
                "gemm 128x896x512 TN",
                "gemm 512x8x896 NT",
                "gemm 512x896x8 NT beta1",
                "gemm 512x8x896 NN",
                "gemm 512x896x8 NN beta1",
                "gemm 8x896x512 TN",
                "gemm 896x8x512 TN",
                "gemm 512x16x896 NT",
                "gemm 512x4864x16 NT beta1",
                "gemm 512x16x4864 NN",
                "gemm 512x896x16 NN beta1",
                "gemm 16x896x512 TN",
                "gemm 4864x16x512 TN",
                "gemm 1x4864x896 NT",
                "gemm 4x4864x896 NT");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("NN", "NT", "TN", "TT", "beta1", "bf16", "f16");
        int[] s = c.sizes("MxNxK");
        double bytes =
                4.0 * s[0] * s[2]
                        + (double) Operands.dtype(c).bytes() * s[1] * s[2]
                        + (c.has("beta1") ? 8.0 : 4.0) * s[0] * s[1];
        return new Workload(c, 2.0 * s[0] * s[1] * s[2], bytes, device -> setUp(c, device));
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("MxNxK");
        boolean ta = c.has("TN") || c.has("TT");
        boolean tb = c.has("NT") || c.has("TT");
        Tensor a = Operands.floats(device, DType.F32, ta ? s[2] : s[0], ta ? s[0] : s[2]);
        Tensor b = Operands.floats(device, Operands.dtype(c), tb ? s[1] : s[2], tb ? s[2] : s[1]);
        Into y = new Into(Operands.floats(device, DType.F32, s[0], s[1]), c.has("beta1") ? 1 : 0);
        var kernel = device.kernels().matmul();
        return () -> kernel.gemm(ta, tb, 1, a, b, y);
    }
}
