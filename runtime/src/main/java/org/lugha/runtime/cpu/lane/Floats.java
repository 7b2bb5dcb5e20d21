package org.lugha.runtime.cpu.lane;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * F32 elements in memory. The vector loads and stores are for small kernels alone: a large one, a
 * register tile for example, writes them out (see {@link Lanes} on calls that do not inline).
 */
public final class Floats {
    /** Bytes of one vector. */
    public static final long BYTES = 4L * Lanes.N;

    /** Elements that one thread takes at a time where work is a few operations an element. */
    public static final long GRAIN = 16_384;

    /** Stands for a tensor that was not given. */
    public static final MemorySegment NONE = MemorySegment.NULL;

    private Floats() {}

    public static FloatVector load(MemorySegment m, long at) {
        return FloatVector.fromMemorySegment(Lanes.F, m, at, ByteOrder.LITTLE_ENDIAN);
    }

    public static void store(FloatVector v, MemorySegment m, long at) {
        v.intoMemorySegment(m, at, ByteOrder.LITTLE_ENDIAN);
    }

    /** {@code m = beta m + v}; with {@code beta == 0} memory is not read. */
    public static void store(FloatVector v, MemorySegment m, long at, float beta) {
        FloatVector r = v;
        if (beta != 0) {
            r = load(m, at).fma(FloatVector.broadcast(Lanes.F, beta), v);
        }
        r.intoMemorySegment(m, at, ByteOrder.LITTLE_ENDIAN);
    }

    public static float get(MemorySegment m, long at) {
        return m.get(JAVA_FLOAT_UNALIGNED, at);
    }

    public static void set(MemorySegment m, long at, float value) {
        m.set(JAVA_FLOAT_UNALIGNED, at, value);
    }

    /** {@code m = beta m + value}; with {@code beta == 0} memory is not read. */
    public static void set(MemorySegment m, long at, float value, float beta) {
        set(m, at, beta == 0 ? value : Math.fma(get(m, at), beta, value));
    }

    /** How many of {@code n} elements lie in whole vectors. */
    public static long whole(long n) {
        return n / Lanes.N * Lanes.N;
    }

    /** Whether every tensor is F32; null counts as F32. */
    public static boolean all(Tensor... tensors) {
        for (Tensor t : tensors) {
            if (t != null && t.dtype() != DType.F32) {
                return false;
            }
        }
        return true;
    }

    /** Whether every tensor is F32 or can be widened to it; null counts as F32. */
    public static boolean wide(Tensor... tensors) {
        for (Tensor t : tensors) {
            if (t != null
                    && t.dtype() != DType.F32
                    && t.dtype() != DType.BF16
                    && t.dtype() != DType.F16) {
                return false;
            }
        }
        return true;
    }

    /** Its tensor, null when it is not wanted. */
    public static Tensor of(Into into) {
        return into == null ? null : into.tensor();
    }

    /** Its elements, {@link #NONE} when it is not wanted. */
    public static MemorySegment memory(Into into) {
        return into == null ? NONE : into.tensor().memory();
    }

    /** Whether a segment is more than {@link #NONE}. */
    public static boolean isGiven(MemorySegment m) {
        return m.byteSize() > 0;
    }

    public static MemorySegment memory(Tensor t) {
        return t == null ? NONE : t.memory();
    }

    public static float beta(Into into) {
        return into == null ? 0 : into.beta();
    }
}
