package org.lugha.autograd.testkit;

import org.lugha.runtime.DType;

/** Values that functions stumble over. Their sign stays within a range that has one sign. */
public enum Edge {
    /** 0 and -0. */
    ZEROS,
    /** Elements that are equal. */
    TIES,
    /** 1e4 and -1e4, whose exponential no type holds. */
    LARGE,
    /** 1e-20 and -1e-20, which F32 holds and whose square it does not. */
    TINY,
    /** The smallest numbers above and below 0, with one significant bit. */
    DENORMAL;

    /** One of them; a tie has the number that is given. */
    double of(DType type, boolean negative, double tie) {
        double size =
                switch (this) {
                    case ZEROS -> 0.0;
                    case LARGE -> 1e4;
                    case TINY -> 1e-20;
                    case DENORMAL -> type == DType.F64 ? Double.MIN_VALUE : Float.MIN_VALUE;
                    case TIES -> tie;
                };
        return negative && this != TIES ? -size : size;
    }
}
