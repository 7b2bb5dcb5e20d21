package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** RMSNorm and LayerNorm, forward and backward with the weight's gradient. */
final class Norm implements Family {
    @Override
    public String name() {
        return "norm";
    }

    @Override
    public String grammar() {
        return "RxD [rms|layer] [bf16|f16]: rows, width, which norm (rms), the type of the rows";
    }

    @Override
    public List<String> standard() {
        return List.of("norm 512x896", "norm 1024x896", "norm 1024x4096", "norm 1024x896 layer");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("rms", "layer", "bf16", "f16");
        int[] s = c.sizes("RxD");
        // Forward reads x and writes y; backward reads x and dy and writes dx.
        double count = (double) s[0] * s[1];
        return new Workload(
                c,
                (c.has("layer") ? 18 : 13) * count,
                5 * Operands.dtype(c).bytes() * count,
                device -> setUp(c, device));
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("RxD");
        Tensor x = Operands.floats(device, Operands.dtype(c), s[0], s[1]);
        Tensor dy = Operands.floats(device, Operands.dtype(c), s[0], s[1]);
        Tensor w = Operands.floats(device, DType.F32, s[1]);
        Tensor y = x.emptyLike();
        Tensor mean = Operands.floats(device, DType.F32, s[0]);
        Tensor rstd = mean.emptyLike();
        Into dx = Into.overwrite(x.emptyLike());
        Into dw = Into.overwrite(w.emptyLike());
        Into db = Into.overwrite(w.emptyLike());
        Into to = Into.overwrite(y);
        Into r = Into.overwrite(rstd);
        var kernel = device.kernels().norm();
        if (c.has("layer")) {
            return () -> {
                kernel.layer(x, w, w, 1e-5, to, Into.overwrite(mean), r);
                kernel.layerBackward(x, w, mean, rstd, dy, dx, dw, db);
            };
        }
        return () -> {
            kernel.rms(x, w, 0, 1e-5, to, r);
            kernel.rmsBackward(x, w, 0, rstd, dy, dx, dw);
        };
    }
}
