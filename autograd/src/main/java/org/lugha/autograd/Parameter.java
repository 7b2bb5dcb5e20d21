package org.lugha.autograd;

import org.lugha.nn.Init;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * A named Var that outlives the step. Declared with a shape, it has no value until {@link #bind};
 * it owns its value and its gradient until {@link #close}. The gradient accumulates over backward
 * passes until {@link #clearGradient}, which costs nothing: the next write overwrites.
 */
public final class Parameter extends Var implements AutoCloseable {
    private final Shape shape;
    private final Init init;
    private String name;
    private boolean trainable = true;
    private Tensor value;
    private Tensor gradient;
    private boolean cleared = true;

    public Parameter(String name, Shape shape, Init init) {
        super(null, null);
        this.name = name;
        this.shape = shape;
        this.init = init;
    }

    /** A bound parameter. */
    public static Parameter of(String name, Tensor value) {
        Parameter p = new Parameter(name, value.shape(), Init.zeros());
        p.bind(value);
        return p;
    }

    public String name() {
        return name;
    }

    /** Set by the module tree when full names are known. */
    public void rename(String fullName) {
        name = fullName;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    public Init init() {
        return init;
    }

    public boolean isTrainable() {
        return trainable;
    }

    public Parameter trainable(boolean yes) {
        trainable = yes;
        freezeValue();
        return this;
    }

    /** A device may keep what it derives from a value that nobody trains. */
    private void freezeValue() {
        if (!trainable && value != null) {
            value.storage().freeze();
        }
    }

    public boolean isBound() {
        return value != null;
    }

    /**
     * Becomes an owner of this tensor as the value; lets go of an earlier one, and of a gradient
     * that another type or device was meant for.
     */
    public void bind(Tensor t) {
        if (!t.shape().equals(shape) || !t.layout().isContiguous() || !t.dtype().isFloat()) {
            throw new ShapeException(
                    "bind: parameter "
                            + name
                            + " is declared "
                            + shape
                            + " of contiguous floating-point numbers, got "
                            + t);
        }
        t.storage().retain();
        if (value != null) {
            value.storage().release("rebinding " + name);
        }
        value = t;
        freezeValue();
        if (gradient != null
                && (gradient.dtype() != t.dtype() || !gradient.device().equals(t.device()))) {
            releaseGradient("rebinding " + name);
        }
    }

    /** Binds a fresh tensor filled by this parameter's initialiser. */
    public void initialize(Device device, DType dtype, long seed) {
        try (var _ = Scope.open("initialize " + name)) {
            bind(init.make(device, dtype, shape, seed));
        }
    }

    @Override
    public Tensor value() {
        if (value == null) {
            throw new IllegalStateException(
                    "parameter "
                            + name
                            + " "
                            + shape
                            + " has no value yet;"
                            + " call load(checkpoint) or initialize(device, dtype, seed) on its model");
        }
        return value;
    }

    @Override
    public boolean needsGradient() {
        return trainable;
    }

    /** Whether a gradient has been written since the last clear. */
    public boolean hasGradient() {
        return gradient != null && !cleared;
    }

    /**
     * The accumulated gradient.
     *
     * @throws IllegalStateException when nothing was written since the last clear
     */
    public Tensor gradient() {
        if (!hasGradient()) {
            throw new IllegalStateException(
                    "parameter "
                            + name
                            + " has no gradient; run loss.backward() first, and check"
                            + " that the loss depends on it");
        }
        return gradient;
    }

    public void clearGradient() {
        cleared = true;
    }

    /**
     * Takes the gradient's memory before backward does: so the first step needs all that later do.
     */
    void reserveGradient() {
        if (gradient == null) {
            try (var _ = Scope.open("gradient of " + name)) {
                gradient = Tensor.empty(value().device(), value().dtype(), shape);
                gradient.storage().retain();
            }
        }
    }

    /** Where a contribution goes: overwrites the first time after a clear, then adds. */
    Into gradientInto() {
        reserveGradient();
        return cleared ? Into.overwrite(gradient) : Into.add(gradient);
    }

    void gradientWritten() {
        cleared = false;
    }

    /** Gives value and gradient back. */
    @Override
    public void close() {
        if (value != null) {
            value.storage().release("closing " + name);
            value = null;
        }
        releaseGradient("closing " + name);
    }

    private void releaseGradient(String by) {
        if (gradient != null) {
            gradient.storage().release(by);
            gradient = null;
            cleared = true;
        }
    }

    @Override
    public String toString() {
        return name + " " + (value == null ? "unbound " + shape : value.toString());
    }
}
