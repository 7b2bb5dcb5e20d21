package org.lugha.autograd;

import java.util.ArrayList;
import java.util.List;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Kernels;

/**
 * One application of an op: what its forward and backward see, and the node of the tape that keeps
 * saved tensors and the gradient of the output until backward has run.
 */
public final class Context {
    private final Op op;
    private final Var[] inputs;
    private final boolean recording;
    private final List<Tensor> saved = new ArrayList<>(4);
    private Tensor output;
    private Tensor gradient;
    private Into[] grads;

    private Context(Op op, Var[] inputs, boolean recording) {
        this.op = op;
        this.inputs = inputs;
        this.recording = recording;
    }

    static Var run(Op op, Var... in) {
        Tape tape = Tape.currentOrNull();
        boolean wanted = false;
        Tensor[] values = new Tensor[in.length];
        for (int i = 0; i < in.length; i++) {
            values[i] = in[i].value();
            wanted |= in[i].needsGradient();
        }
        Context ctx = new Context(op, in, tape != null && wanted);
        Tensor y = op.forward(ctx, values);
        if (!ctx.recording) {
            return Var.of(y);
        }
        ctx.output = y;
        tape.record(ctx);
        return new Var(y, ctx);
    }

    // ---- for ops, in forward and backward

    /** The kernels of the inputs' device. */
    public Kernels kernels() {
        Device device = inputs[0].value().device();
        for (Var v : inputs) {
            if (!v.value().device().equals(device)) {
                throw new ShapeException(op + ": inputs must be on one device, got " + describe());
            }
        }
        return device.kernels();
    }

    /** Whether the gradient of input i is wanted; frozen weights cost nothing and save nothing. */
    public boolean needs(int i) {
        return recording && i < inputs.length && inputs[i].needsGradient();
    }

    /** Whether any gradient is wanted, so that what only backward uses is worth computing. */
    public boolean recording() {
        return recording;
    }

    /** Keeps a tensor until backward has run; returns it. Does nothing when nothing is recorded. */
    public Tensor save(Tensor t) {
        if (recording) {
            t.storage().retain();
            saved.add(t);
        }
        return t;
    }

    /** Keeps several, in this order. */
    public void save(Tensor... tensors) {
        for (Tensor t : tensors) {
            save(t);
        }
    }

    /** The i-th saved tensor. */
    public Tensor saved(int i) {
        return saved.get(i);
    }

    /** How many inputs there are. */
    public int inputs() {
        return inputs.length;
    }

    /** The shape of input i, known even when its memory is gone. */
    public Shape shape(int i) {
        return inputs[i].shape();
    }

    /**
     * An input that outlives the step by itself: a parameter. Using a freed intermediate throws, so
     * a forgotten {@link #save} is found at once.
     */
    public Tensor input(int i) {
        return inputs[i].value();
    }

    /**
     * Where the gradient of input i goes. The same Into however often it is asked for within one
     * backward; two indices never share memory, even if the same Var was passed twice.
     */
    public Into grad(int i) {
        if (grads[i] == null) {
            grads[i] = twin(i) >= 0 ? Into.overwrite(emptyFor(i)) : target(inputs[i]);
        }
        return grads[i];
    }

    /** {@link #grad}, or null when it is not wanted. */
    public Into gradOrNull(int i) {
        return needs(i) ? grad(i) : null;
    }

    /**
     * The gradient of input i is exactly this finished tensor: taken over without a copy where that
     * is possible. The tensor must not be written afterwards.
     */
    public void give(int i, Tensor dx) {
        Var v = inputs[i];
        if (v.node() != null && v.node().gradient == null && twin(i) < 0) {
            v.node().adopt(dx);
        } else {
            dx.device().kernels().elementwise().scale(1, dx, grad(i));
        }
    }

    // ---- for the tape

    boolean hasGradient() {
        return gradient != null;
    }

    void seed(Tensor dy) {
        if (!dy.shape().equals(output.shape())) {
            throw new ShapeException(
                    "backward: the gradient must have the shape of " + output + ", got " + dy);
        }
        adopt(dy);
    }

    /** Runs the op's backward in a scope of its own, then lets go of everything kept for it. */
    void backward() {
        grads = new Into[inputs.length];
        try (var _ = Scope.open("backward of " + op.getClass().getSimpleName())) {
            op.backward(this, gradient);
            for (int i = 0; i < inputs.length; i++) {
                finish(i);
            }
        } finally {
            close();
        }
    }

    /** Lets go of saved tensors and the gradient. */
    void close() {
        String by = "backward of " + op.getClass().getSimpleName();
        for (Tensor t : saved) {
            t.storage().release(by);
        }
        saved.clear();
        if (gradient != null) {
            gradient.storage().release(by);
            gradient = null;
        }
        grads = null;
    }

    private void finish(int i) {
        if (grads[i] == null) {
            return;
        }
        int twin = twin(i);
        if (twin >= 0) {
            boolean written = grads[twin] != null;
            Into first = grad(twin);
            Tensor extra = grads[i].tensor();
            Into sum = written ? first.more() : first;
            extra.device().kernels().elementwise().scale(1, extra, sum);
        }
        if (inputs[i] instanceof Parameter p) {
            p.gradientWritten();
        }
    }

    /** The first earlier index that holds the same Var, or -1. */
    private int twin(int i) {
        for (int j = 0; j < i; j++) {
            if (inputs[j] == inputs[i]) {
                return j;
            }
        }
        return -1;
    }

    private Into target(Var v) {
        if (v instanceof Parameter p) {
            return p.gradientInto();
        }
        Context n = v.node();
        if (n == null) {
            throw new IllegalStateException(op + ": no gradient is wanted for " + v);
        }
        if (n.gradient == null) {
            n.adopt(n.output.emptyLike());
            return Into.overwrite(n.gradient);
        }
        if (n.gradient.storage().isShared()) {
            Tensor old = n.gradient;
            n.gradient = old.copy(old.dtype());
            n.gradient.storage().retain();
            old.storage().release("accumulating a gradient");
        }
        return Into.add(n.gradient);
    }

    private Tensor emptyFor(int i) {
        Var v = inputs[i];
        return Tensor.empty(
                v.value().device(),
                v instanceof Parameter ? v.value().dtype() : v.node().output.dtype(),
                v.shape());
    }

    private void adopt(Tensor dx) {
        dx.storage().retain();
        gradient = dx.view(output.shape());
    }

    private String describe() {
        StringBuilder s = new StringBuilder();
        for (Var v : inputs) {
            s.append(s.isEmpty() ? "" : ", ").append(v);
        }
        return s.toString();
    }

    @Override
    public String toString() {
        return op + "(" + describe() + ")";
    }
}
