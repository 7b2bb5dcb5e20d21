package org.lugha.runtime.cpu.lane;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.spi.Into;

/**
 * Operands of a kernel that works row by row, seen as floats. When all are F32 they lie where they
 * are; else every thread computes in its scratch, where {@link #open} widens a row of each input
 * and from where {@link #close} narrows the outputs.
 *
 * <p>Extra memory: none for F32; else, for each thread, {@code 4 d} bytes an operand.
 *
 * @param inputs how many of the tensors are read; the others are written
 * @param tensors null for one that is not wanted
 */
public record Rows(Purpose purpose, long d, int inputs, float[] betas, Tensor... tensors) {

    /** Inputs, perhaps null. */
    public static Rows read(Purpose purpose, long d, Tensor... inputs) {
        return new Rows(purpose, d, inputs.length, new float[inputs.length], inputs);
    }

    /** These and an output, perhaps null. */
    public Rows into(Into y) {
        int n = tensors.length;
        Tensor[] all = Arrays.copyOf(tensors, n + 1);
        float[] factors = Arrays.copyOf(betas, n + 1);
        all[n] = Floats.of(y);
        factors[n] = Floats.beta(y);
        return new Rows(purpose, d, inputs, factors, all);
    }

    /** Whether rows are where they are. */
    public boolean isPlain() {
        return Floats.all(tensors);
    }

    /** The operands as this thread sees them, {@link Floats#NONE} for what is not wanted. */
    public MemorySegment[] floats() {
        MemorySegment[] m = new MemorySegment[tensors.length];
        boolean isPlain = isPlain();
        long stride = (4 * d + 63) & -64;
        MemorySegment all =
                isPlain ? null : Scratch.mine().of(purpose, Math.max(64, m.length * stride));
        for (int i = 0; i < m.length; i++) {
            if (tensors[i] == null) {
                m[i] = Floats.NONE;
            } else {
                m[i] = isPlain ? tensors[i].memory() : all.asSlice(i * stride, 4 * d);
            }
        }
        return m;
    }

    /** Makes a row ready; gives the byte at which it starts in all of {@link #floats}. */
    public long open(MemorySegment[] floats, long row) {
        if (isPlain()) {
            return 4 * d * row;
        }
        openPart(floats, row * d, d);
        return 0;
    }

    /** Widens {@code n} elements from element {@code from} on. */
    public void openPart(MemorySegment[] floats, long from, long n) {
        for (int i = 0; i < tensors.length; i++) {
            if (tensors[i] != null && (i < inputs || betas[i] != 0)) {
                DType type = tensors[i].dtype();
                long at = from * type.bytes();
                Convert.run(type, tensors[i].memory(), at, DType.F32, floats[i], 0, n);
            }
        }
    }

    /** Writes the outputs of a row that is done. */
    public void close(MemorySegment[] floats, long row) {
        if (!isPlain()) {
            closePart(floats, row * d, d);
        }
    }

    /** Narrows {@code n} elements from element {@code from} on. */
    public void closePart(MemorySegment[] floats, long from, long n) {
        for (int i = inputs; i < tensors.length; i++) {
            if (tensors[i] != null) {
                DType type = tensors[i].dtype();
                long at = from * type.bytes();
                Convert.run(DType.F32, floats[i], 0, type, tensors[i].memory(), at, n);
            }
        }
    }

    /** A vector that every row needs, as floats, in the i-th place of the caller's own scratch. */
    public static MemorySegment vector(Tensor t, int i) {
        if (t == null || t.dtype() == DType.F32) {
            return Floats.memory(t);
        }
        long n = t.count();
        long stride = (4 * n + 63) & -64;
        MemorySegment all = Scratch.mine().of(Purpose.VECTORS, Math.max(64, 2 * stride));
        MemorySegment wide = all.asSlice(i * stride, 4 * n);
        Convert.run(t.dtype(), t.memory(), 0, DType.F32, wide, 0, n);
        return wide;
    }
}
