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

    /** Runs forward, and records the op if a tape is open and an input wants a gradient. */
    default Var apply(Var... in) {
        return Context.run(this, in);
    }
}
