package org.lugha.autograd.testkit;

import java.util.Arrays;
import org.lugha.runtime.Shape;

/** Row-major indices in words. */
final class Coordinates {
    private Coordinates() {}

    /** For example {@code [1, 2]}. */
    static String of(Shape shape, long index) {
        int[] at = new int[shape.rank()];
        long rest = index;
        for (int axis = at.length - 1; axis >= 0; axis--) {
            at[axis] = (int) (rest % shape.dim(axis));
            rest /= shape.dim(axis);
        }
        return Arrays.toString(at);
    }
}
