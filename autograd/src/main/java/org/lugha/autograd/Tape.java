package org.lugha.autograd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.plan.Plan;
import org.lugha.runtime.plan.PlannedDevice;

/**
 * One training step: a scope that also lists the ops in the order they ran. The order is a
 * topological one, so walking the list backwards needs no recursion and no search. Tapes nest and
 * are confined to their thread; with no tape open nothing is recorded, which is inference. A tape
 * inside another keeps as that one does.
 *
 * <pre>{@code
 * try (var _ = Tape.open()) {
 *     Var loss = model.loss(batch, pass);
 *     loss.backward();
 *     adam.update();
 * }
 * }</pre>
 */
public final class Tape implements AutoCloseable {
    private static final ThreadLocal<Tape> CURRENT = new ThreadLocal<>();

    private final Tape parent = CURRENT.get();
    private final Thread thread = Thread.currentThread();
    private final Scope scope;
    private final Map<Var, Boolean> wanted;
    private final List<Context> nodes = new ArrayList<>();
    private final Roundings roundings;
    private boolean closed;

    private Tape(String name, Saved saved, Map<Var, Boolean> wanted) {
        scope = Scope.open(name);
        roundings = saved == Saved.BF16 ? new Roundings() : null;
        this.wanted = wanted;
    }

    /** Keeps everything as it is, or as the tape around it does. */
    public static Tape open() {
        return open("step", around(), Map.of());
    }

    /** With a choice of how what backward needs is stored until then. */
    public static Tape open(Saved saved) {
        return open("step", saved, Map.of());
    }

    /**
     * For a step within a step.
     *
     * @param name of its scope
     * @param wanted whose gradient is wanted or not, whatever they say by now
     */
    static Tape open(String name, Map<Var, Boolean> wanted) {
        return open(name, around(), wanted);
    }

    private static Saved around() {
        Tape around = CURRENT.get();
        return around == null || around.roundings == null ? Saved.EXACT : Saved.BF16;
    }

    private static Tape open(String name, Saved saved, Map<Var, Boolean> wanted) {
        Tape t = new Tape(name, saved, wanted);
        CURRENT.set(t);
        return t;
    }

    /** Runs as if no tape were open: nothing is recorded. */
    static <T> T paused(Supplier<T> body) {
        Tape open = CURRENT.get();
        CURRENT.remove();
        try {
            return body.get();
        } finally {
            CURRENT.set(open);
        }
    }

    boolean wants(Var v) {
        Boolean said = wanted.get(v);
        return said == null ? v.needsGradient() : said;
    }

    /**
     * The innermost open tape of this thread.
     *
     * @throws IllegalStateException when none is open
     */
    public static Tape current() {
        Tape t = CURRENT.get();
        if (t == null) {
            throw new IllegalStateException(
                    "backward: no tape is open on this thread; compute the loss and call backward"
                            + " inside try (var _ = Tape.open()) { ... }");
        }
        return t;
    }

    /**
     * What this work would take of a device's memory, found by doing it on one that keeps the books
     * and computes nothing: the peak is exact, provided that the work does not decide by numbers it
     * reads. The work makes its parameters on the device it is given, and runs a step or two.
     *
     * <pre>{@code
     * Plan plan = Tape.plan(Devices.get("cpu"), device -> {
     *     try (var model = CausalLM.declare(config)) {
     *         model.initialize(device, DType.F32, 0);
     *         try (var _ = Tape.open()) {
     *             model.loss(tokens, labels, 1, true, 0).backward();
     *         }
     *     }
     * });
     * }</pre>
     */
    public static Plan plan(Device device, Consumer<? super Device> work) {
        PlannedDevice planned = new PlannedDevice(device);
        try (var _ = Scope.open("plan")) {
            work.accept(planned);
        }
        return planned.plan();
    }

    static Tape currentOrNull() {
        return CURRENT.get();
    }

    /** Null where everything is kept as it is. */
    Roundings roundings() {
        return roundings;
    }

    void record(Context node) {
        nodes.add(node);
    }

    /** What was recorded so far, in this order. */
    List<Context> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** From a scalar: its gradient is 1. */
    public void backward(Var loss) {
        if (loss.shape().count() != 1) {
            throw new ShapeException(
                    "backward: starts from one number, got " + loss + "; sum it, or pass dy");
        }
        Tensor value = loss.value();
        backward(loss, Tensor.full(value.device(), value.dtype(), value.shape(), 1));
    }

    /**
     * From any Var and the gradient of its value; {@code dy} has its shape. Afterwards the tape has
     * let go of every op recorded so far, also of those that y does not depend on.
     */
    public void backward(Var y, Tensor dy) {
        check("backward");
        if (y.node() == null) {
            throw new IllegalStateException(
                    "backward: " + y + " depends on no trainable parameter in this tape");
        }
        if (!y.node().isOf(this)) {
            throw new IllegalStateException(
                    "backward: "
                            + y
                            + " was computed in another tape; call backward where that tape is the"
                            + " innermost open one");
        }
        y.node().seed(dy);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Context node = nodes.get(i);
            if (node.hasGradient()) {
                node.backward();
            } else {
                node.close();
            }
        }
        nodes.clear();
    }

    /** Lets go of everything the step kept. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        check("close");
        closed = true;
        nodes.forEach(Context::close);
        nodes.clear();
        if (parent == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(parent);
        }
        scope.close();
    }

    void checkThread(String what) {
        if (!thread.equals(Thread.currentThread())) {
            throw new IllegalStateException(
                    what
                            + ": the tape belongs to thread '"
                            + thread.getName()
                            + "', called on '"
                            + Thread.currentThread().getName()
                            + "'; one step stays on one thread");
        }
    }

    private void check(String what) {
        checkThread(what);
        if (CURRENT.get() != this) {
            throw new IllegalStateException(
                    what
                            + (closed
                                    ? ": this tape is closed"
                                    : ": a tape opened later is still open; close it first"));
        }
    }
}
