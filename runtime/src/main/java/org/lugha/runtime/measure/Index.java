package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Rows of an embedding table, picked or added to. */
final class Index implements Family {
    @Override
    public String name() {
        return "index";
    }

    @Override
    public String grammar() {
        return "NxDxV [gather|scatter] [bf16|f16]: ids, width, rows of the table, the table's type";
    }

    @Override
    public List<String> standard() {
        return List.of("index 1024x896x151936 gather", "index 1024x896x151936 scatter");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("gather", "scatter", "bf16", "f16");
        int[] s = c.sizes("NxDxV");
        double count = (double) s[0] * s[1];
        int type = Operands.dtype(c).bytes();
        return new Workload(
                c,
                c.has("scatter") ? count : 0,
                (c.has("scatter") ? 4.0 + 2 * type : 4.0 + type) * count,
                device -> setUp(c, device));
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
