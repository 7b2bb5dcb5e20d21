package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Unary;

/** Gates and activations, forward and backward, sums of two tensors, and masks. */
final class Gate implements Family {
    @Override
    public String name() {
        return "gate";
    }

    @Override
    public String grammar() {
        return "RxD [silu|gelu|gelu_tanh] [alone] [bf16|f16], or RxD add|mask: the function (silu), "
                + "without the factor that it gates; a residual sum, or a mask of D";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "gate 1024x4864",
                "gate 512x4864",
                "gate 1024x4864 gelu",
                "gate 1024x4864 gelu_tanh",
                "gate 1024x3072 gelu_tanh alone",
                "gate 1024x896 add",
                "gate 1024x896 mask");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("silu", "gelu", "gelu_tanh", "alone", "add", "mask", "bf16", "f16");
        int[] s = c.sizes("RxD");
        double bytes = (double) Operands.dtype(c).bytes() * s[0] * s[1];
        double count = (double) s[0] * s[1];
        if (c.has("add")) {
            return new Workload(c, count, 3 * bytes, device -> sum(c, device));
        }
        if (c.has("mask")) {
            return new Workload(c, 0, 2 * bytes, device -> mask(c, device));
        }
        if (c.has("alone")) {
            return new Workload(c, 30 * count, 5 * bytes, device -> alone(c, device));
        }
        return new Workload(c, 35 * count, 8 * bytes, device -> gate(c, device));
    }

    private static Unary function(Case c) {
        return c.has("gelu") ? Unary.GELU : c.has("gelu_tanh") ? Unary.GELU_TANH : Unary.SILU;
    }

    private static Tensor floats(Case c, Device device) {
        int[] s = c.sizes("RxD");
        return Operands.floats(device, Operands.dtype(c), s[0], s[1]);
    }

    private static Runnable sum(Case c, Device device) {
        Tensor a = floats(c, device);
        Tensor b = floats(c, device);
        Into y = Into.overwrite(a.emptyLike());
        var kernel = device.kernels().elementwise();
        return () -> kernel.add(a, b, y);
    }

    private static Runnable mask(Case c, Device device) {
        Tensor x = floats(c, device);
        Tensor mask = Operands.ids(device, 2, x.shape().last());
        Into y = Into.overwrite(x.emptyLike());
        var kernel = device.kernels().elementwise();
        return () -> kernel.maskedFill(x, mask, -1, y);
    }

    private static Runnable alone(Case c, Device device) {
        Tensor x = floats(c, device);
        Tensor dy = floats(c, device);
        Into y = Into.overwrite(x.emptyLike());
        Into dx = Into.overwrite(x.emptyLike());
        Unary f = function(c);
        var kernel = device.kernels().elementwise();
        return () -> {
            kernel.unary(f, x, y);
            kernel.unaryBackward(f, x, dy, dx);
        };
    }

    private static Runnable gate(Case c, Device device) {
        Tensor g = floats(c, device);
        Tensor up = floats(c, device);
        Tensor dy = floats(c, device);
        Into y = Into.overwrite(g.emptyLike());
        Into dg = Into.overwrite(g.emptyLike());
        Into dup = Into.overwrite(g.emptyLike());
        Unary f = function(c);
        var kernel = device.kernels().elementwise();
        return () -> {
            kernel.gate(f, g, up, y);
            kernel.gateBackward(f, g, up, dy, dg, dup);
        };
    }
}
