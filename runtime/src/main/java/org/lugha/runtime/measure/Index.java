package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Rows of an embedding table, or one element of each, picked or added to. */
final class Index implements Family {
    @Override
    public String name() {
        return "index";
    }

    @Override
    public String grammar() {
        return "NxDxV [gather|scatter] [bf16|f16]: ids, width, rows of the table, the table's type; or "
                + "NxKxV pick: rows, picked of each, their width, there and back";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "index 1024x896x151936 gather",
                "index 1024x896x151936 scatter",
                "index 512x8x32000 pick");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("gather", "scatter", "pick", "bf16", "f16");
        int[] s = c.sizes("NxDxV");
        if (c.has("pick")) {
            double picked = (double) s[0] * s[1];
            double zeros = 4.0 * s[0] * s[2];
            return new Workload(c, picked, 28 * picked + zeros, device -> pick(c, device));
        }
        double count = (double) s[0] * s[1];
        int type = Operands.dtype(c).bytes();
        return new Workload(
                c,
                c.has("scatter") ? count : 0,
                (c.has("scatter") ? 4.0 + 2 * type : 4.0 + type) * count,
                device -> setUp(c, device));
    }

    private static Runnable pick(Case c, Device device) {
        int[] s = c.sizes("NxKxV");
        Tensor x = Operands.floats(device, DType.F32, s[0], s[2]);
        Tensor ids = Operands.ids(device, s[2], s[0], s[1]);
        Tensor y = Tensor.empty(device, DType.F32, ids.shape());
        Into dx = Into.overwrite(x.emptyLike());
        var kernel = device.kernels().index();
        return () -> {
            kernel.pick(x, ids, Into.overwrite(y));
            kernel.unpick(y, ids, dx);
        };
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("NxDxV");
        Tensor table = Operands.floats(device, Operands.dtype(c), s[2], s[1]);
        Tensor ids = Operands.ids(device, s[2], s[0]);
        Tensor x = Operands.floats(device, DType.F32, s[0], s[1]);
        var kernel = device.kernels().index();
        return c.has("scatter")
                ? () -> kernel.scatterAdd(x, ids, Into.add(table))
                : () -> kernel.gather(table, ids, Into.overwrite(x));
    }
}
