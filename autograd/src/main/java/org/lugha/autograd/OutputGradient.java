package org.lugha.autograd;

import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * The gradient of what one op made, while backward is on its way there: a finished tensor handed
 * over, or one that is added to.
 */
final class OutputGradient {
    private final Op op;
    private final Tensor output;
    private Tensor gradient;
    private boolean closed;

    OutputGradient(Op op, Tensor output) {
        this.op = op;
        this.output = output;
    }

    /** Null until somebody wrote one. */
    Tensor value() {
        return gradient;
    }

    /** Starts from this tensor, of the output's shape. */
    void seed(Tensor dy) {
        if (!dy.shape().equals(output.shape())) {
            throw new ShapeException(
                    "backward: the gradient must have the shape of " + output + ", got " + dy);
        }
        adopt(dy);
    }

    /** Takes a finished tensor over, under the output's shape. */
    void adopt(Tensor dx) {
        if (closed) {
            throw new IllegalStateException(
                    "backward: the tape has let go of "
                            + op
                            + ", an earlier backward or the end of its tape did that; call backward"
                            + " once, from the sum of the losses");
        }
        Tensor whole = dx.view(output.shape());
        whole.storage().retain();
        gradient = whole;
    }

    /**
     * Where a contribution goes; a tensor that has another owner is copied before it is added to.
     */
    Into into() {
        if (gradient == null) {
            adopt(empty());
            return Into.overwrite(gradient);
        }
        if (gradient.storage().isShared()) {
            Tensor old = gradient;
            gradient = old.copy(old.dtype());
            gradient.storage().retain();
            old.storage().release("accumulating a gradient");
        }
        return Into.add(gradient);
    }

    /** Uninitialised, as the output is. */
    Tensor empty() {
        return output.emptyLike();
    }

    void close(String by) {
        closed = true;
        if (gradient != null) {
            gradient.storage().release(by);
            gradient = null;
        }
    }
}
