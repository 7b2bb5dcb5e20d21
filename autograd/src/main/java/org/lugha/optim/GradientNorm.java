package org.lugha.optim;

import java.util.List;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** The global L2 norm of all gradients, and what clipping makes of it. */
public final class GradientNorm {
    private GradientNorm() {}

    /**
     * {@code sqrt(sum g^2)} over every gradient, summed in doubles.
     *
     * @throws ArithmeticException when it is not finite: a broken gradient is never hidden
     */
    public static double of(List<Parameter> parameters) {
        try (var _ = Scope.open("gradient norm")) {
            Tensor total = null;
            for (Parameter p : parameters) {
                if (p.hasGradient()) {
                    Tensor g = p.gradient();
                    if (total == null) {
                        total = Tensor.zeros(g.device(), DType.F64, Shape.of());
                    }
                    g.device().kernels().reduce().sumOfSquares(g, Into.add(total));
                }
            }
            double norm = total == null ? 0 : Math.sqrt(total.item());
            if (!Double.isFinite(norm)) {
                throw new ArithmeticException(
                        "gradient norm: is "
                                + norm
                                + "; lower the learning rate, or look for broken examples");
            }
            return norm;
        }
    }

    /** What gradients are multiplied by: {@code min(1, max / (norm + 1e-6))}; max 0 is no limit. */
    public static double clip(double norm, double max) {
        return max == 0 ? 1 : Math.min(1, max / (norm + 1e-6));
    }
}
