package org.lugha.autograd;

import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
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
    private final boolean[] wanted;
    private final Tape tape;
    private final SavedTensors saved;
    private OutputGradient output;
    private Into[] grads;

    private Context(Op op, Var[] inputs, boolean[] wanted, Tape tape) {
        this.op = op;
        this.inputs = inputs;
        this.wanted = wanted;
        this.tape = tape;
        this.saved = tape == null ? null : new SavedTensors(inputs, tape.roundings());
    }

    static Var run(Op op, Var... in) {
        Tape tape = Tape.currentOrNull();
        boolean[] wanted = new boolean[in.length];
        boolean any = false;
        Tensor[] values = Inputs.checked(op, in);
        for (int i = 0; i < in.length; i++) {
            wanted[i] = tape != null && tape.wants(in[i]);
            any |= wanted[i];
            if (wanted[i] && in[i] instanceof Parameter p) {
                p.reserveGradient();
            }
            if (in[i].node() != null) {
                in[i].node().tape.checkThread("op " + op);
            }
        }
        Context ctx = new Context(op, in.clone(), wanted, any ? tape : null);
        boolean done = false;
        try {
            Tensor y = op.forward(ctx, values);
            if (!any) {
                done = true;
                return Var.of(y);
            }
            ctx.saved.settle();
            done = true;
            ctx.output = new OutputGradient(op, y);
            tape.record(ctx);
            return new Var(y, ctx);
        } finally {
            if (!done) {
                ctx.close();
            }
        }
    }

    // ---- for ops, in forward and backward

    /** The kernels of the inputs' device. */
    public Kernels kernels() {
        return inputs[0].value().device().kernels();
    }

    /** Whether the gradient of input i is wanted; frozen weights cost nothing and save nothing. */
    public boolean needs(int i) {
        return i < wanted.length && wanted[i];
    }

    /** Whether any gradient is wanted, so that what only backward uses is worth computing. */
    public boolean recording() {
        return tape != null;
    }

    /**
     * Keeps these inputs until backward has run, where {@link #input} gives them: rounded if the
     * tape was {@linkplain Tape#open(Saved) opened} so. Does nothing when nothing is recorded.
     */
    public void keep(int... indices) {
        keep(false, indices);
    }

    /** As {@link #keep}, never rounded. */
    public void keepExact(int... indices) {
        keep(true, indices);
    }

    private void keep(boolean exact, int... indices) {
        if (recording()) {
            for (int i : indices) {
                saved.keep(i, exact);
            }
        }
    }

    /**
     * Keeps a tensor that forward made until backward has run, rounded if the tape was {@linkplain
     * Tape#open(Saved) opened} so; returns it. Does nothing when nothing is recorded.
     */
    public Tensor save(Tensor t) {
        if (recording()) {
            saved.save(t, false);
        }
        return t;
    }

    /** Keeps several, in this order. */
    public void save(Tensor... tensors) {
        for (Tensor t : tensors) {
            save(t);
        }
    }

    /**
     * As {@link #save}, never rounded: statistics of rows, and whatever is small or enters an
     * exponential again.
     */
    public Tensor saveExact(Tensor t) {
        if (recording()) {
            saved.save(t, true);
        }
        return t;
    }

    /** The i-th saved tensor, of the type it was saved in. */
    public Tensor saved(int i) {
        return saved.made(i);
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
     * Input i, in backward too if it was kept. Using one that was freed meanwhile throws, so a
     * forgotten {@link #keep} is found at once.
     */
    public Tensor input(int i) {
        return recording() ? saved.input(i) : inputs[i].value();
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
        Context n = inputs[i].node();
        if (n != null && n.output.value() == null && twin(i) < 0) {
            n.output.adopt(dx);
        } else {
            dx.device().kernels().elementwise().scale(1, dx, grad(i));
        }
    }

    // ---- for the tape

    boolean hasGradient() {
        return output.value() != null;
    }

    Op recorded() {
        return op;
    }

    /** The op with its attributes, for messages. */
    String op() {
        return op.toString();
    }

    boolean isOf(Tape t) {
        return tape == t;
    }

    void seed(Tensor dy) {
        output.seed(dy);
    }

    /** Input i as it was given. */
    Var variable(int i) {
        return inputs[i];
    }

    /** Runs the op's backward in a scope of its own, then lets go of everything kept for it. */
    void backward() {
        grads = new Into[inputs.length];
        try (var _ = Scope.open("backward of " + op.getClass().getSimpleName())) {
            op.backward(this, output.value());
            for (int i = 0; i < inputs.length; i++) {
                finish(i);
            }
        } finally {
            close();
        }
    }

    /** Lets go of saved tensors and the gradient, for good. */
    void close() {
        String by = "backward of " + op.getClass().getSimpleName();
        if (recording()) {
            saved.close(by);
        }
        if (output != null) {
            output.close(by);
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
        return n.output.into();
    }

    private Tensor emptyFor(int i) {
        Var v = inputs[i];
        return v instanceof Parameter ? v.value().emptyLike() : v.node().output.empty();
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
