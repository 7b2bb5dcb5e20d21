package org.lugha.autograd;

import org.lugha.runtime.Tensor;

/**
 * A differentiable operation: the only place where a derivative is written. A record, so that its
 * attributes print themselves in messages. Both methods are abstract: an op without a gradient does
 * not compile.
 */
public interface Op {
    /**
     * The value. Checks shapes, then calls kernels; what backward needs is given to {@link
     * Context#save}.
     */
    Tensor forward(Context ctx, Tensor... in);

    /** Adds this op's share to the gradient of every input that {@link Context#needs} one. */
    void backward(Context ctx, Tensor dy);

    /**
     * Whether input i holds ids, labels, positions or a mask: I32, never differentiated. All others
     * are floating-point numbers. What was declared here is checked before {@link #forward} runs.
     */
    default boolean isIndex(int input) {
        return false;
    }

    /**
     * Runs forward, and records the op if a tape is open and an input wants a gradient.
     *
     * @throws org.lugha.runtime.ShapeException for an input of the wrong type, for types or devices
     *     that do not go together, and for shapes that do not
     * @throws org.lugha.runtime.FreedTensorException for an input whose tape or scope was closed
     */
    default Var apply(Var... in) {
        return Context.run(this, in);
    }
}
