package org.lugha.autograd;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): {@code y = body(inputs)}, of which
 * only the inputs are kept; backward runs the body again in a tape of its own and walks that one
 * backwards. Gradients are those of the body recorded as usual, bit for bit, because its ops add to
 * the same places in the same order.
 *
 * <p>Every Var that the body uses and that wants a gradient must be an input, parameters too: a
 * frozen model with an adapter has no other input that wants one. The body must be a function of
 * its inputs: dropout takes its seed from outside, nothing is counted or appended.
 *
 * <pre>{@code
 * Var y = new Recompute("block", in -> in[0].linear(in[1]).softmax()).apply(x, weight);
 * }</pre>
 *
 * @param name appears in messages, and as the scope of what the body makes
 */
public record Recompute(String name, Function<Var[], Var> body) implements Op {

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Var[] inputs = inputs(ctx);
        if (!ctx.recording()) {
            return withoutGradient(inputs);
        }
        for (int i = 0; i < inputs.length; i++) {
            if (!(inputs[i] instanceof Parameter)) {
                ctx.keepExact(i);
            }
        }
        Tensor y = Tape.paused(() -> run(inputs)).value();
        ctx.saveExact(sumOfSquares(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Var[] inputs = inputs(ctx);
        Map<Var, Boolean> wanted = new HashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            wanted.put(inputs[i], ctx.needs(i));
        }
        try (Tape again = Tape.open("recomputing " + name, wanted)) {
            Var y = run(inputs);
            requireSame(ctx, dy, y.value());
            int input = List.of(inputs).indexOf(y);
            if (y.node() != null && y.node().isOf(again)) {
                again.backward(y, dy);
            } else if (input >= 0 && ctx.needs(input)) {
                ctx.give(input, dy);
            } else if (input < 0 && y.needsGradient()) {
                throw new IllegalStateException(
                        this + ": its body returns what it did not make; pass it as an input");
            }
        }
    }

    /** In a scope of its own: what the body made and nobody keeps dies here. */
    private Var run(Var... inputs) {
        try (Scope scope = Scope.open(name)) {
            Var y = body.apply(inputs);
            scope.yield(y.value());
            return y;
        }
    }

    private Tensor withoutGradient(Var... inputs) {
        Var y = run(inputs);
        if (y.node() != null && !List.of(inputs).contains(y)) {
            throw new IllegalStateException(
                    this
                            + ": its body uses what wants a gradient and is not among its inputs;"
                            + " pass every trainable parameter of the body too");
        }
        return y.value();
    }

    private void requireSame(Context ctx, Tensor dy, Tensor y) {
        double first = ctx.saved(0).item();
        double second = sumOfSquares(y).item();
        if (!y.shape().equals(dy.shape()) || Double.compare(first, second) != 0) {
            throw new IllegalStateException(
                    this
                            + ": its body must give the same values every time, gave "
                            + dy.shape()
                            + " with a sum of squares of "
                            + first
                            + ", then "
                            + y.shape()
                            + " with "
                            + second
                            + "; take random numbers from a seed made outside, and change no"
                            + " weight between forward and backward");
        }
    }

    /** In F64: what tells two runs of the body apart. */
    private static Tensor sumOfSquares(Tensor y) {
        Tensor sum = Tensor.empty(y.device(), DType.F64, Shape.of());
        y.device().kernels().reduce().sumOfSquares(y.contiguous(), Into.overwrite(sum));
        return sum;
    }

    private static Var[] inputs(Context ctx) {
        Var[] all = new Var[ctx.inputs()];
        for (int i = 0; i < all.length; i++) {
            all[i] = ctx.variable(i);
        }
        return all;
    }

    @Override
    public String toString() {
        return "Recompute[" + name + "]";
    }
}
