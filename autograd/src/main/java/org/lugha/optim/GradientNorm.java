package org.lugha.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** The size of a step's gradient, and how much of it to use. */
public final class GradientNorm {
    private GradientNorm() {}

    /**
     * {@code sqrt(sum g^2)} over all gradients of all parameters, summed in F64; parameters without
     * a gradient do not count.
     *
     * @throws ArithmeticException when it is NaN or infinite, naming the first parameter at fault
     */
    public static double of(List<Parameter> parameters) {
        double norm = Math.sqrt(squares(parameters));
        if (Double.isFinite(norm)) {
            return norm;
        }
        for (Parameter p : parameters) {
            double own = Math.sqrt(squares(List.of(p)));
            if (!Double.isFinite(own)) {
                throw notFinite(own, "first in " + p.name());
            }
        }
        throw notFinite(norm, "in their sum");
    }

    /**
     * What the gradients are multiplied by so that their norm is at most {@code max}: {@code min(1,
     * max / (norm + 1e-6))}, as PyTorch clips; 1 where max is 0, which is no limit.
     */
    public static double clip(double norm, double max) {
        if (!(max >= 0)) {
            throw new IllegalArgumentException(
                    "gradient clipping: the largest norm must be at least 0, got " + max);
        }
        return max == 0 ? 1 : Math.min(1, max / (norm + 1e-6));
    }

    private static double squares(List<Parameter> parameters) {
        Map<Device, Tensor> sums = new LinkedHashMap<>(); // one read from each device in the end
        try (var _ = Scope.open("GradientNorm")) {
            for (Parameter p : parameters) {
                if (p.hasGradient()) {
                    Tensor g = p.gradient();
                    Device device = g.device();
                    Tensor sum = sums.get(device);
                    Into into;
                    if (sum == null) {
                        sum = Tensor.empty(device, DType.F64, Shape.of());
                        sums.put(device, sum);
                        into = Into.overwrite(sum);
                    } else {
                        into = Into.add(sum);
                    }
                    device.kernels().reduce().sumOfSquares(g, into);
                }
            }
            return sums.values().stream().mapToDouble(Tensor::item).sum();
        }
    }

    private static ArithmeticException notFinite(double norm, String where) {
        return new ArithmeticException(
                "gradient norm: the gradients should be finite, their norm is "
                        + norm
                        + ", "
                        + where
                        + "; nothing was updated: lower the learning rate, warm up longer, compute in"
                        + " F32, or look at this step's data");
    }
}
