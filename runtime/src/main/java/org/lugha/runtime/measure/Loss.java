package org.lugha.runtime.measure;

import java.util.List;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Cross-entropy and its gradient: in one with the output layer, or of given logits. */
final class Loss implements Family {
    @Override
    public String name() {
        return "loss";
    }

    @Override
    public String grammar() {
        return "NxDxV [trained] [ofN] [capN] [bf16|f16]: counted rows, width, vocabulary; the weight's "
                + "gradient as well or not, rows that the counted ones are picked from, a soft cap, "
                + "the weight's type; NxV given: of logits that are there; NxV teacher: divergence from other "
                + "logits";
    }

    @Override
    public List<String> standard() {
        return List.of(
                "loss 205x896x151936 of512",
                "loss 512x896x151936",
                "loss 205x896x151936 trained",
                "loss 205x151936 given",
                "loss 205x151936 teacher");
    }

    @Override
    public Workload workload(Case c) {
        c.allow("trained", "of\\d+", "cap\\d+", "bf16", "f16", "given", "teacher");
        if (c.has("given")) {
            return given(c);
        }
        if (c.has("teacher")) {
            return teacher(c);
        }
        int[] s = c.sizes("NxDxV");
        boolean isTrained = c.has("trained");
        double weights = (double) s[1] * s[2];
        double bytes = Operands.dtype(c).bytes() * weights * (isTrained ? 2 : 1);
        return new Workload(
                c,
                (isTrained ? 8.0 : 4.0) * s[0] * weights,
                bytes + (isTrained ? 4 * weights : 0) + 8.0 * s[0] * s[1],
                device -> setUp(c, device));
    }

    /** Reads the logits twice and writes their gradient. */
    private static Workload given(Case c) {
        int[] s = c.sizes("NxV");
        double count = (double) s[0] * s[1];
        return new Workload(
                c,
                40 * count,
                12 * count,
                device -> {
                    Tensor z = Operands.floats(device, DType.F32, s[0], s[1]);
                    Tensor labels = Operands.ids(device, s[1], s[0]);
                    Tensor nll = Operands.floats(device, DType.F32, s[0]);
                    Tensor lse = nll.emptyLike();
                    Into dz = Into.overwrite(z.emptyLike());
                    var kernel = device.kernels().loss();
                    return () -> {
                        kernel.logits(z, labels, 0, Into.overwrite(nll), Into.overwrite(lse));
                        kernel.logitsGradient(z, labels, 0, lse, 1, dz);
                    };
                });
    }

    /** Reads both logits, from memory once if a row fits the cache, and writes one gradient. */
    private static Workload teacher(Case c) {
        int[] s = c.sizes("NxV");
        double count = (double) s[0] * s[1];
        return new Workload(
                c,
                120 * count,
                12 * count,
                device -> {
                    Tensor z = Operands.floats(device, DType.F32, s[0], s[1]);
                    Tensor t = Operands.floats(device, DType.F32, s[0], s[1]);
                    Into kl = Into.overwrite(Operands.floats(device, DType.F32, s[0]));
                    Into dz = Into.overwrite(z.emptyLike());
                    return () -> device.kernels().loss().divergence(z, t, 2, kl, dz, null);
                });
    }

    private static Runnable setUp(Case c, Device device) {
        int[] s = c.sizes("NxDxV");
        Tensor h = Operands.floats(device, DType.F32, s[0], s[1]);
        Tensor w = Operands.floats(device, Operands.dtype(c), s[2], s[1]);
        Tensor labels = Operands.ids(device, s[2], s[0]);
        Tensor nll = Operands.floats(device, DType.F32, s[0]);
        Tensor lse = nll.emptyLike();
        Into dh = Into.overwrite(h.emptyLike());
        Tensor all = Operands.floats(device, DType.F32, c.number("of", s[0]), s[1]);
        Tensor counted = Operands.ids(device, all.dim(0), s[0]);
        Into dAll = Into.overwrite(all.emptyLike());
        Into dw =
                c.has("trained")
                        ? Into.overwrite(Tensor.empty(device, DType.F32, w.shape()))
                        : null;
        var kernel = device.kernels().loss();
        var index = device.kernels().index();
        double cap = c.number("cap", 0);
        boolean isPicked = c.number("of", 0) > 0;
        return () -> {
            if (isPicked) {
                index.gather(all, counted, Into.overwrite(h));
            }
            kernel.forward(h, w, labels, cap, Into.overwrite(nll), Into.overwrite(lse), dh);
            if (dw != null) {
                kernel.weightGradient(h, w, labels, cap, lse, 1, dw);
            }
            if (isPicked) {
                device.kernels().copy().fill(0, dAll);
                index.scatterAdd(dh.tensor(), counted, dAll.more());
            }
        };
    }
}
