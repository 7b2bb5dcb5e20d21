package org.lugha.runtime.reference;

import org.lugha.runtime.spi.Unary;

/** {@link Unary} functions and their derivatives in double precision. */
public final class RefUnary {
    private static final double ROOT_2_PI = Math.sqrt(2 * Math.PI);
    private static final double K = Math.sqrt(2 / Math.PI);
    private static final double C = 0.044715;

    private RefUnary() {}

    /** {@code f(x)}. */
    public static double value(Unary f, double x) {
        return switch (f) {
            case SILU -> x * sigmoid(x);
            case GELU -> x * normal(x);
            case GELU_TANH -> x / 2 * (1 + Math.tanh(K * (x + C * x * x * x)));
            case RELU -> Math.max(x, 0);
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
        };
    }

    /** {@code f'(x)}. */
    public static double slope(Unary f, double x) {
        return switch (f) {
            case SILU -> sigmoid(x) * (1 + x * sigmoid(-x));
            case GELU -> normal(x) + x * Math.exp(-x * x / 2) / ROOT_2_PI;
            case GELU_TANH -> {
                double u = K * (x + C * x * x * x);
                yield (1 + Math.tanh(u)) / 2 + x / 2 * sech2(u) * K * (1 + 3 * C * x * x);
            }
            case RELU -> x > 0 ? 1 : 0;
            case SIGMOID -> sigmoid(x) * sigmoid(-x);
            case TANH -> sech2(x);
            case SOFTPLUS -> sigmoid(x);
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** {@code 1 - tanh(x)^2} without the cancellation. */
    private static double sech2(double x) {
        double c = Math.cosh(x);
        return 1 / c / c;
    }

    /** The normal distribution function, {@code erfc(-x / sqrt(2)) / 2}. */
    private static double normal(double x) {
        double half = erfc(Math.abs(x) * Math.sqrt(0.5)) / 2;
        return x > 0 ? 1 - half : half;
    }

    /**
     * The complementary error function for {@code x >= 0}, to about 1e-15: below 2 the series
     * {@code 1 - 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!}, else the continued fraction
     * {@code exp(-x^2)/sqrt(pi) / (x + 1/2 / (x + 2/2 / (x + ...)))} (Abramowitz and Stegun 7.1.6,
     * 7.1.14).
     */
    static double erfc(double x) {
        double bell = Math.exp(-x * x) / Math.sqrt(Math.PI);
        if (x < 2) {
            double sum = 0;
            double term = x;
            for (int n = 1; n < 60; n++) {
                sum += term;
                term *= 2 * x * x / (2 * n + 1);
            }
            return 1 - 2 * bell * sum;
        }
        double below = x;
        for (int n = 100; n > 0; n--) {
            below = x + n / 2.0 / below;
        }
        return bell / below;
    }
}
