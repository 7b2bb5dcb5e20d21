package org.lugha.models.spectrum;

import org.lugha.runtime.Tensor;

/**
 * Intruder dimensions (Shuttleworth et al. 2024, arXiv 2410.21228, algorithm 1): those of the k
 * leading left singular vectors of a changed matrix that resemble none of the vectors of the matrix
 * before, {@code max_i |cos(u_i, u'_j)| < epsilon}. Trainings with many of them forget more of what
 * the model knew.
 *
 * <p>The vectors that u' consists of come from a {@link Krylov} space over W that begins at u'
 * itself, which is exact for small matrices. In large ones vectors of nearly equal value count as
 * one, so that there may be an intruder more than is found, never one less.
 *
 * @param values the k leading singular values of the changed matrix
 * @param similarity of each of their vectors to the nearest one before
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Intruders(double[] values, double[] similarity) {
    /** Vectors of value 0 are anything that is left over, and none to compare with. */
    private static final double NO_VALUE = 1e-5;

    private static final int BLOCKS_TO_COMPARE = 20;

    /**
     * Compares.
     *
     * @param before {@code [out, in]}
     * @param after the same with the adapter merged
     * @param k how many vectors are looked at; fewer where there are no more
     */
    public static Intruders of(Tensor before, Tensor after, int k) {
        Svd changed = Svd.leading(after, k);
        int few = changed.s().length;
        double[][] leading = changed.u();
        double[] values = changed.s();
        Svd old = Krylov.from(before, leading, BLOCKS_TO_COMPARE);
        double[] similarity = new double[few];
        for (int j = 0; j < few; j++) {
            for (int i = 0; i < old.s().length && old.s()[i] > NO_VALUE * old.s()[0]; i++) {
                double cos = Math.abs(Vectors.dot(old.u()[i], leading[j]));
                similarity[j] = Math.max(similarity[j], cos);
            }
        }
        return new Intruders(values, similarity);
    }

    /** How many resemble nothing. */
    public int count(double epsilon) {
        int n = 0;
        for (double s : similarity) {
            n += s < epsilon ? 1 : 0;
        }
        return n;
    }
}
