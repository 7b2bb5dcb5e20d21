package org.lugha.models.peft;

import java.util.Locale;
import java.util.Random;
import org.lugha.nn.Init;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** First values of A {@code [r, in]} and B {@code [out, r]}. */
public enum LoraStart {
    /** A uniform in {@code +-1 / sqrt(in)}, B 0: {@code init_lora_weights: true}. */
    STANDARD,
    /** A normal with deviation {@code 1 / r}, B 0. */
    GAUSSIAN,
    /**
     * A and B through two halves of one orthogonal matrix, so that B A is 0 though neither is; the
     * rank is even.
     */
    ORTHOGONAL,
    /**
     * The r largest singular directions of the weight, which the base goes without ({@link
     * PissaLayer}); saved as a plain LoRA of rank 2 r.
     */
    PISSA;

    /** As PEFT writes it, for example {@code gaussian}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A {@code [r, in]} in the current scope. */
    Tensor a(Device device, DType dtype, Shape shape, long seed) {
        return switch (this) {
            case STANDARD, PISSA ->
                    Init.uniform(1 / Math.sqrt(shape.dim(1))).make(device, dtype, shape, seed);
            case GAUSSIAN -> Init.normal(1.0 / shape.dim(0)).make(device, dtype, shape, seed);
            case ORTHOGONAL -> {
                double[] values = half(shape.dim(1), shape.dim(0), 0, seed);
                int in = shape.dim(1);
                int rank = shape.dim(0);
                yield Tensor.generate(
                        device, dtype, shape, i -> values[(int) (i % in * rank + i / in)]);
            }
        };
    }

    /** B {@code [out, r]} in the current scope. */
    Tensor b(Device device, DType dtype, Shape shape, long seed) {
        if (this != ORTHOGONAL) {
            return Tensor.zeros(device, dtype, shape);
        }
        double[] values = half(shape.dim(0), shape.dim(1), 1, seed);
        return Tensor.generate(device, dtype, shape, i -> values[(int) i]);
    }

    /**
     * {@code 0.1 N Q} row by row: N normal {@code [n, r/2]}, Q every second row, from {@code
     * first}, of an orthogonal matrix {@code [r, r]} that both halves share.
     */
    private static double[] half(int n, int rank, int first, long seed) {
        double[][] q = orthogonal(rank, seed);
        long own = Philox.derive(seed, first);
        double[] values = new double[n * rank];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < rank / 2; k++) {
                double x = 0.1 * Philox.normal(own, (long) i * (rank / 2) + k);
                for (int j = 0; j < rank; j++) {
                    values[i * rank + j] += x * q[2 * k + first][j];
                }
            }
        }
        return values;
    }

    /** Random rows made orthogonal one after another. */
    private static double[][] orthogonal(int n, long seed) {
        Random random = new Random(seed);
        double[][] q = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                q[i][j] = random.nextGaussian();
            }
            for (int again = 0; again < 2; again++) {
                for (int k = 0; k < i; k++) {
                    add(q[i], -dot(q[i], q[k]), q[k]);
                }
            }
            double length = Math.sqrt(dot(q[i], q[i]));
            for (int j = 0; j < n; j++) {
                q[i][j] /= length;
            }
        }
        return q;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] a, double factor, double[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += factor * b[i];
        }
    }
}
