package org.lugha.runtime.cpu.lane;

import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.function.IntPredicate;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that kernels compute with, and their reductions. {@code reduceLanes(ADD)}, {@code
 * lanewise(EXP)} and {@code lanewise(TANH)} give other bits once a method is compiled and must not
 * be used; {@code reinterpretAs..} and {@code VectorMask.cast} slow every store down, see {@link
 * Powers}, which has the exponentials.
 *
 * <p>A vector must never cross a call that is not inlined (it is boxed on the heap then), and the
 * JIT stops inlining any call but the Vector API's own in a method that has become large.
 */
public final class Lanes {
    /** Widest vectors of this machine, or of property {@code lugha.vector.bits}. */
    public static final VectorSpecies<Float> F =
            species(Integer.getInteger("lugha.vector.bits", 0));

    /** Ints, as many as {@link #F} has floats. */
    public static final VectorSpecies<Integer> I = F.withLanes(int.class);

    /** How many floats a vector holds. */
    public static final int N = F.length();

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private static final VectorShuffle<Float> BY_HALF = rotation(N / 2);
    private static final VectorShuffle<Float> BY_QUARTER = rotation(N / 4);
    private static final VectorShuffle<Float> BACK = rotation(N / 4 * 3);
    private static final VectorMask<Float> UPPER_HALF = where(i -> i >= N / 2);
    private static final VectorMask<Float> ODD_QUARTERS = where(i -> i / (N / 4) % 2 == 1);
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private Lanes() {}

    private static VectorSpecies<Float> species(int bits) {
        return bits == 0
                ? FloatVector.SPECIES_PREFERRED
                : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.fromOp(F, i -> (i + by) % F.length());
    }

    private static VectorMask<Float> where(IntPredicate isSet) {
        boolean[] lanes = new boolean[N];
        for (int i = 0; i < N; i++) {
            lanes[i] = isSet.test(i);
        }
        return VectorMask.fromArray(F, lanes, 0);
    }

    /** Sum of the lanes, by halves: always in the same order. */
    public static float sum(FloatVector v) {
        FloatVector s = v;
        if (N > 8) {
            s = s.add(s.rearrange(BY_8));
        }
        if (N > 4) {
            s = s.add(s.rearrange(BY_4));
        }
        s = s.add(s.rearrange(BY_2));
        s = s.add(s.rearrange(BY_1));
        return s.lane(0);
    }

    /**
     * Four floats at {@code sums}: the {@link #sum} of each of four vectors at {@code own}, in
     * fewer steps. Halves, then quarters, of several vectors go on in one.
     */
    public static void sumFour(MemorySegment own, MemorySegment sums) {
        long bytes = 4L * N;
        FloatVector a = FloatVector.fromMemorySegment(F, own, 0, ORDER);
        FloatVector b = FloatVector.fromMemorySegment(F, own, bytes, ORDER);
        FloatVector c = FloatVector.fromMemorySegment(F, own, 2 * bytes, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(F, own, 3 * bytes, ORDER);
        a = a.add(a.rearrange(BY_HALF));
        b = b.add(b.rearrange(BY_HALF));
        c = c.add(c.rearrange(BY_HALF));
        d = d.add(d.rearrange(BY_HALF));
        a = a.blend(b, UPPER_HALF);
        c = c.blend(d, UPPER_HALF);
        a = a.add(a.rearrange(BY_QUARTER)).blend(c.add(c.rearrange(BACK)), ODD_QUARTERS);
        if (N > 8) {
            a = a.add(a.rearrange(BY_2));
        }
        if (N > 4) {
            a = a.add(a.rearrange(BY_1));
        }
        a.intoMemorySegment(own, 0, ORDER);
        Floats.set(sums, 0, Floats.get(own, 0));
        Floats.set(sums, 4, Floats.get(own, bytes / 2));
        Floats.set(sums, 8, Floats.get(own, bytes / 4));
        Floats.set(sums, 12, Floats.get(own, bytes / 4 * 3));
    }

    /** The largest lane; NaN when there is one. Order does not matter for a maximum. */
    static float max(FloatVector v) {
        return v.reduceLanes(MAX);
    }
}
