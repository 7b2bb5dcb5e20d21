package org.lugha.nn;

import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Keys and values of the tokens seen so far, one pair of {@code [B, capacity, G, D]} buffers a
 * layer. All layers append the same tokens in a pass; {@link #advance} counts them afterwards.
 */
public final class KvCache implements AutoCloseable {
    private final Tensor[] keys;
    private final Tensor[] values;
    private final int capacity;
    private int length;

    /** Room for {@code capacity} tokens of {@code batch} rows. */
    public KvCache(
            Device device, DType dtype, int layers, int batch, int capacity, int heads, int dim) {
        this.capacity = capacity;
        keys = new Tensor[layers];
        values = new Tensor[layers];
        try (var _ = Scope.open("KvCache")) {
            for (int l = 0; l < layers; l++) {
                keys[l] = Tensor.empty(device, dtype, Shape.of(batch, capacity, heads, dim));
                values[l] = Tensor.empty(device, dtype, Shape.of(batch, capacity, heads, dim));
            }
            for (int l = 0; l < layers; l++) { // all are there: what fails before leaves nothing
                keys[l].storage().retain();
                values[l].storage().retain();
            }
        }
    }

    /** Tokens that every layer holds: the position of the next one. */
    public int length() {
        return length;
    }

    /** Writes k and v {@code [B,T,G,D]} behind what layer l holds. */
    public void append(int layer, Tensor k, Tensor v) {
        int t = k.dim(1);
        if (length + t > capacity) {
            throw new ShapeException(
                    "cache: room for "
                            + capacity
                            + " tokens, "
                            + length
                            + " are held and "
                            + t
                            + " more came; open it with a larger capacity");
        }
        var copy = k.device().kernels().copy();
        copy.copy(k, Into.overwrite(keys[layer].slice(1, length, length + t)));
        copy.copy(v, Into.overwrite(values[layer].slice(1, length, length + t)));
    }

    /** Keys of layer l including the {@code fresh} ones just appended: {@code [B,S,G,D]}. */
    public Tensor keys(int layer, int fresh) {
        return keys[layer].slice(1, 0, length + fresh);
    }

    public Tensor values(int layer, int fresh) {
        return values[layer].slice(1, 0, length + fresh);
    }

    /** Counts t tokens that every layer has appended. */
    public void advance(int t) {
        length += t;
    }

    /** Row b becomes what row {@code rows[b]} was: beams that go on from others. */
    public void reorder(int... rows) {
        for (Tensor[] side : new Tensor[][] {keys, values}) {
            for (Tensor all : side) {
                try (var _ = Scope.open("reorder cache")) {
                    var copy = all.device().kernels().copy();
                    Tensor held = all.slice(1, 0, length);
                    Tensor moved = Tensor.empty(all.device(), all.dtype(), held.shape());
                    for (int b = 0; b < rows.length; b++) {
                        copy.copy(
                                held.slice(0, rows[b], rows[b] + 1),
                                Into.overwrite(moved.slice(0, b, b + 1)));
                    }
                    copy.copy(moved, Into.overwrite(held));
                }
            }
        }
    }

    @Override
    public void close() {
        for (int l = 0; l < keys.length; l++) {
            keys[l].storage().release("closing the cache");
            values[l].storage().release("closing the cache");
        }
    }
}
