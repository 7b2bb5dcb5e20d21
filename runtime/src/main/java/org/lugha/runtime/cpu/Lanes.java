package org.lugha.runtime.cpu;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that kernels compute with, and the functions of one vector the Vector API lacks or
 * gives other bits for once a method is compiled: {@code lanewise(EXP)}, {@code lanewise(TANH)} and
 * {@code reduceLanes(ADD)} must not be used outside this class.
 *
 * <p>A vector must never cross a call that is not inlined (it is boxed on the heap then), so every
 * method here stays far below the 325 bytecodes up to which the JIT inlines hot calls. A kernel so
 * large that inlining is at risk writes the body out.
 */
final class Lanes {
    /** Widest vectors of this machine, or of property {@code lugha.vector.bits}. */
    static final VectorSpecies<Float> F = species(Integer.getInteger("lugha.vector.bits", 0));

    /** Ints, as many as {@link #F} has floats. */
    static final VectorSpecies<Integer> I = F.withLanes(int.class);

    /** How many floats a vector holds. */
    static final int N = F.length();

    private static final float MAGIC = 12_582_912f; // 1.5 * 2^23: adding it rounds to an integer
    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 355f / 512; // few bits: n * LN2_HIGH is exact
    private static final float LN2_LOW = -2.12194440e-4f;

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

    /**
     * {@code e^x}, error at most 1 ulp. {@code exp(0) = 1} exactly; results below the smallest
     * normal number are 0, above the largest infinite; NaN stays NaN.
     *
     * <p>{@code x = n ln 2 + r}; a polynomial gives {@code e^r}, n goes into the exponent.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector t = x.fma(LOG2_E, MAGIC);
        FloatVector n = t.sub(MAGIC);
        FloatVector r = n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), x));
        FloatVector p =
                r.fma(0.0013814539f, 0.008368745f)
                        .fma(r, broadcast(0.04166839f))
                        .fma(r, broadcast(0.16666521f))
                        .fma(r, broadcast(0.49999994f));
        p = p.mul(r).fma(r, r).add(1f);
        FloatVector y = scale(p, t);
        y = y.blend(0f, x.compare(LT, -87.33654f));
        return x.add(Float.POSITIVE_INFINITY).blend(y, x.compare(LT, 88.72284f));
    }

    /** {@code p * 2^n}, where t is {@code MAGIC + n}. */
    private static FloatVector scale(FloatVector p, FloatVector t) {
        IntVector n = t.reinterpretAsInts().lanewise(LSHL, 23);
        return p.reinterpretAsInts().add(n).reinterpretAsFloats();
    }

    /** {@code (e^x - e^-x) / (e^x + e^-x)}, error a few ulp; odd; NaN stays NaN. */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector z = x.mul(x);
        FloatVector p =
                z.fma(-0.0057049873f, 0.020639088f)
                        .fma(z, broadcast(-0.053739715f))
                        .fma(z, broadcast(0.13331442f))
                        .fma(z, broadcast(-0.3333328f));
        FloatVector small = p.mul(z).fma(x, x);
        FloatVector large = broadcast(1f).sub(broadcast(2f).div(exp(a.add(a)).add(1f)));
        VectorMask<Float> isNegative = x.compare(LT, 0f);
        return small.blend(large.blend(large.neg(), isNegative), a.compare(GE, 0.625f));
    }

    /** {@code 1 / (1 + e^-x)}. */
    static FloatVector sigmoid(FloatVector x) {
        return broadcast(1f).div(exp(x.neg()).add(1f));
    }

    /** Sum of the lanes, by halves: always in the same order. */
    static float sum(FloatVector v) {
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

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(F, value);
    }
}
