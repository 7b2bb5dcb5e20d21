package org.lugha.runtime.cpu.lane;

import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
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

    private Lanes() {}

    private static VectorSpecies<Float> species(int bits) {
        return bits == 0
                ? FloatVector.SPECIES_PREFERRED
                : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.fromOp(F, i -> (i + by) % F.length());
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

    /** The largest lane; NaN when there is one. Order does not matter for a maximum. */
    static float max(FloatVector v) {
        return v.reduceLanes(MAX);
    }
}
