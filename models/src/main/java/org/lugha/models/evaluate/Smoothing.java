package org.lugha.models.evaluate;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What BLEU takes for a precision of 0 (Chen and Cherry 2014).
 *
 * @param value the constant of {@code FLOOR} and {@code ADD_K}; unused by the others
 */
public record Smoothing(Method method, double value) {
    /** The usual one. */
    public static final Smoothing EXP = new Smoothing(Method.EXP, 0);

    /** 0 stays 0, and so does the score. */
    public static final Smoothing NONE = new Smoothing(Method.NONE, 0);

    /** Ways to smooth. */
    public enum Method {
        /** The k-th precision of 0 is {@code 1 / (2^k total)}. */
        EXP("exp"),
        /** A precision of 0 is {@code value / total}. */
        FLOOR("floor"),
        /** All counts but those of single words are greater by {@code value}. */
        ADD_K("add-k"),
        NONE("none");

        private final String word;

        Method(String word) {
            this.word = word;
        }

        /** As commands and signatures have it. */
        public String word() {
            return word;
        }

        /** The constant that is usual: 0.1, 1, else 0. */
        public double usualValue() {
            return switch (this) {
                case FLOOR -> 0.1;
                case ADD_K -> 1;
                default -> 0;
            };
        }
    }

    /** What is added to numerator and denominator of orders above 1. */
    double added() {
        return method == Method.ADD_K ? value : 0;
    }

    /** What stands for a numerator of 0; {@code unseen} is 2 for the first such, 4 and so on. */
    double share(double unseen) {
        return switch (method) {
            case EXP -> 1 / unseen;
            case FLOOR -> value;
            default -> 0;
        };
    }

    String signature() {
        boolean constant = method == Method.FLOOR || method == Method.ADD_K;
        return method.word()
                + (constant
                        ? "[" + new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN) + "]"
                        : "");
    }
}
