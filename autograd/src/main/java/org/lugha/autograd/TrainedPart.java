package org.lugha.autograd;

import java.util.Locale;

/**
 * The indices {@code from} (inclusive) to {@code to} (exclusive) of one axis of a parameter, which
 * alone are trained in a step: see {@link Parameter#train}.
 */
public record TrainedPart(int axis, int from, int to) {
    public TrainedPart {
        if (axis < 0 || from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "trained part: needs an axis and 0 <= from < to, got axis %d, %d and %d",
                            axis,
                            from,
                            to));
        }
    }
}
