package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Softmax of rows, forward and backward. */
final class Softmax implements Family {
    @Override
    public String name() {
        return "softmax";
    }

    @Override
    public String grammar() {
        return "RxD [bf16|f16]: rows, width";
    }

    @Override
    public List<String> standard() {
        return List.of("softmax 4096x512", "softmax 64x32000");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("bf16", "f16");
        int[] s = c.sizes("RxD");
        double count = (double) s[0] * s[1];
        return new Workload(
                c, 14 * count, 5 * Operands.dtype(c).bytes() * count, device -> setUp(c, device));
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("RxD");
        Tensor x = Operands.floats(device, Operands.dtype(c), s[0], s[1]);
        Tensor dy = Operands.floats(device, Operands.dtype(c), s[0], s[1]);
        Tensor y = x.emptyLike();
        Into dx = Into.overwrite(x.emptyLike());
        var kernel = device.kernels().softmax();
        return () -> {
            kernel.forward(x, Into.overwrite(y));
            kernel.backward(y, dy, dx);
        };
    }
}
