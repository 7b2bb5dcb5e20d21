package org.lugha.runtime.measure;

import java.util.ArrayList;
import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;

/** AdamW. */
final class Optimizer implements Family {
    @Override
    public String name() {
        return "adamw";
    }

    @Override
    public String grammar() {
        return "TxN [bf16|f16]: tensors, elements of each, the type of gradients and of weights with a master";
    }

    @Override
    public List<String> standard() {
        return List.of("adamw 100x580000", "adamw 1x58000000", "adamw 336x26000");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("bf16", "f16");
        int[] s = c.sizes("TxN");
        double count = (double) s[0] * s[1];
        // Reads p, g, m, v and writes p, m, v; of narrow weights the master too.
        return new Workload(c, 15 * count, 28 * count, device -> setUp(c, device));
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("TxN");
        AdamStep how = new AdamStep(1e-4, 0.9, 0.999, 1e-8, 0.01, 10, 0.5);
        var kernel = device.kernels().optimizer();
        List<Runnable> all = new ArrayList<>();
        for (int i = 0; i < s[0]; i++) {
            var g = Operands.floats(device, Operands.dtype(c), s[1]);
            Into p = Into.add(Operands.floats(device, DType.F32, s[1]));
            Into m = Into.add(p.tensor().emptyLike());
            Into v = Into.add(p.tensor().emptyLike());
            Into rounded = g.dtype() == DType.F32 ? null : Into.overwrite(g.emptyLike());
            device.kernels().copy().fill(0, Into.overwrite(m.tensor()));
            device.kernels().copy().fill(0, Into.overwrite(v.tensor()));
            all.add(() -> kernel.adamW(how, g, p, m, v, rounded));
        }
        return () -> all.forEach(Runnable::run);
    }
}
