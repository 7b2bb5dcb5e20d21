package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.autograd.op.Rope;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * Cosines and sines of {@code position * frequency}, {@code [P, R/2]}, shared by all layers of a
 * model. Grows by doubling when longer rows come; owns its memory until {@link #close}.
 */
public final class RotaryTable implements AutoCloseable {
    private final float[] frequencies;
    private Tensor cos;
    private Tensor sin;

    public RotaryTable(float... frequencies) {
        this.frequencies = frequencies.clone();
    }

    /** Makes sure that positions below {@code length} are in the tables, on this device. */
    public void reach(int length, Device device, DType dtype) {
        if (cos != null
                && cos.dim(0) >= length
                && cos.device().equals(device)
                && cos.dtype() == dtype) {
            return;
        }
        close();
        int rows = Math.max(64, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
        Shape shape = Shape.of(rows, frequencies.length);
        try (var _ = Scope.open("RotaryTable")) {
            Tensor c = Tensor.generate(device, dtype, shape, i -> (float) Math.cos(angle(i)));
            Tensor s = Tensor.generate(device, dtype, shape, i -> (float) Math.sin(angle(i)));
            c.storage().retain();
            s.storage().retain();
            cos = c;
            sin = s;
        }
    }

    /** x {@code [B,T,H,D]} turned by its positions I32 {@code [B,T]}; after {@link #reach}. */
    public Var rotate(Var x, Tensor positions) {
        return new Rope().apply(x, Var.of(positions), Var.of(cos), Var.of(sin));
    }

    @Override
    public void close() {
        if (cos != null) {
            cos.storage().release("closing the rotary table");
            sin.storage().release("closing the rotary table");
            cos = null;
            sin = null;
        }
    }

    private float angle(long i) {
        long position = i / frequencies.length;
        return (float) position * frequencies[(int) (i % frequencies.length)];
    }
}
