package org.lugha.autograd;

import java.util.Optional;
import org.lugha.nn.Init;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * A named Var that outlives the step. Declared with a shape, it has no value until {@link #bind};
 * it owns its value and its gradient until {@link #close}. The gradient accumulates over backward
 * passes until {@link #clearGradient}, which costs nothing: the next write overwrites.
 *
 * <p>Instead of a tensor it may hold a {@link Quantized}, which only products read: then it has no
 * {@link #value} and is never trained.
 */
public final class Parameter extends Var implements AutoCloseable {
    private final Shape shape;
    private final Init init;
    private String name;
    private boolean trainable = true;
    private TrainedPart part;
    private Tensor value;
    private Quantized quantized;
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
        if (yes && quantized != null) {
            throw new IllegalStateException(
                    "parameter "
                            + name
                            + " is quantised, which only a frozen weight may be; train an adapter"
                            + " beside it, or load the model without quantisation");
        }
        trainable = yes;
        freezeValue();
        return this;
    }

    /**
     * Says that until the next call only these indices of an axis get gradients that count:
     * optimizers leave the others and what they remember of them as they are. A parameter that is
     * ever trained in parts has one from the beginning, so that optimizers are prepared.
     */
    public void train(TrainedPart only) {
        if (only.axis() >= shape.rank() || only.to() > shape.dim(only.axis())) {
            throw new ShapeException(
                    "train: parameter " + name + " is " + shape + ", which has no " + only);
        }
        part = only;
    }

    /** The part that is trained; empty where it is all of it, always. */
    public Optional<TrainedPart> part() {
        return Optional.ofNullable(part);
    }

    /** A device may keep what it derives from a value that nobody trains. */
    private void freezeValue() {
        if (!trainable && value != null) {
            value.storage().freeze();
        }
    }

    public boolean isBound() {
        return value != null || quantized != null;
    }

    /** What it holds in place of a value. */
    public Optional<Quantized> quantized() {
        return Optional.ofNullable(quantized);
    }

    /** Bytes of what it holds; 0 before it holds anything. */
    public long bytes() {
        if (quantized != null) {
            return quantized.bytes();
        }
        return value == null ? 0 : value.count() * value.dtype().bytes();
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
        releaseValue("rebinding " + name);
        value = t;
        freezeValue();
        if (gradient != null
                && (gradient.dtype() != t.dtype() || !gradient.device().equals(t.device()))) {
            releaseGradient("rebinding " + name);
        }
    }

    /**
     * Becomes an owner of this weight's tensors and lets go of a value: frozen from now on. As many
     * numbers as were declared; how they lie is between those who bind and who read.
     */
    public void bind(Quantized w) {
        if (w.shape().count() != shape.count()) {
            throw new ShapeException(
                    "bind: parameter " + name + " is declared " + shape + ", got " + w.shape());
        }
        w.map(Parameter::retained);
        releaseValue("rebinding " + name);
        releaseGradient("rebinding " + name);
        quantized = w;
        trainable = false;
    }

    private static Tensor retained(Tensor t) {
        t.storage().retain();
        return t;
    }

    /** Binds a fresh tensor filled by this parameter's initialiser. */
    public void initialize(Device device, DType dtype, long seed) {
        try (var _ = Scope.open("initialize " + name)) {
            bind(init.make(device, dtype, shape, seed));
        }
    }

    @Override
    public Tensor value() {
        if (quantized != null) {
            throw new IllegalStateException(
                    "parameter "
                            + name
                            + " "
                            + shape
                            + " is quantised and has no tensor; use its layer, or the layer's"
                            + " denseWeight()");
        }
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
        releaseValue("closing " + name);
        releaseGradient("closing " + name);
    }

    private void releaseValue(String by) {
        if (value != null) {
            value.storage().release(by);
            value = null;
        }
        if (quantized != null) {
            quantized.map(t -> {
                t.storage().release(by);
                return t;
            });
            quantized = null;
        }
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
        if (quantized != null) {
            return name + " quantised " + shape;
        }
        return name + " " + (value == null ? "unbound " + shape : value.toString());
    }
}
