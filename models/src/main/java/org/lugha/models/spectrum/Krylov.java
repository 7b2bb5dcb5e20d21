package org.lugha.models.spectrum;

import java.util.ArrayList;
import java.util.List;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * The leading left singular vectors of a large matrix, and those that a few given vectors consist
 * of: Ritz vectors of {@code W W^T} in the space of {@code X, W W^T X, (W W^T)^2 X, ..} (Musco and
 * Musco 2015). W is only multiplied with; where the space fills up, the result is exact.
 *
 * <p>Extra memory: {@code 16 m (out + in)} bytes for a space of m vectors.
 */
final class Krylov {
    /** What is left of a vector that was in the space already; products are in F32. */
    private static final double NOTHING_NEW = 1e-5;

    private final Tensor w;
    private final int most;
    private final List<double[]> basis = new ArrayList<>();

    /**
     * Over a matrix.
     *
     * @param w {@code [out, in]}
     */
    private Krylov(Tensor w) {
        this.w = w;
        this.most = w.dim(0);
    }

    /**
     * Left singular vectors, by value.
     *
     * @param start vectors of {@code out} numbers, as columns
     * @param blocks how often they are multiplied, themselves included
     */
    static Svd from(Tensor w, double[][] start, int blocks) {
        Krylov space = new Krylov(w);
        double[][] block = space.added(start);
        for (int i = 1; i < blocks && block.length > 0; i++) {
            block = space.added(space.back(space.forth(block)));
        }
        double[][] q = space.basis.toArray(double[][]::new);
        // W^T Q = P R, so Q^T W = R^T P^T, whose left vectors are those of R^T.
        ThinQr qr = ThinQr.of(space.forth(q));
        Svd core = Svd.of(Svd.transposed(qr.r()));
        return new Svd(Vectors.product(q, core.u()), core.s(), core.v());
    }

    /** Puts what is new of these vectors into the space, made orthonormal. */
    private double[][] added(double[][] vectors) {
        List<double[]> fresh = new ArrayList<>();
        for (double[] given : vectors) {
            double[] x = given.clone();
            double before = Vectors.norm(x);
            for (int twice = 0; twice < 2; twice++) {
                for (double[] b : basis) {
                    Vectors.add(-Vectors.dot(b, x), b, x);
                }
            }
            double norm = Vectors.norm(x);
            if (basis.size() < most && norm > NOTHING_NEW * before) {
                Vectors.scale(1 / norm, x);
                basis.add(x);
                fresh.add(x);
            }
        }
        return fresh.toArray(double[][]::new);
    }

    /** {@code W^T X}. */
    private double[][] forth(double[][] x) {
        return product(false, x, w.dim(1));
    }

    /** {@code W Y}. */
    private double[][] back(double[][] y) {
        return product(true, y, w.dim(0));
    }

    private double[][] product(boolean transposed, double[][] columns, int to) {
        try (var _ = Scope.open("Krylov")) {
            int n = columns.length;
            int length = columns[0].length;
            Tensor rows =
                    Tensor.generate(
                            w.device(),
                            w.dtype(),
                            Shape.of(n, length),
                            i -> columns[(int) (i / length)][(int) (i % length)]);
            Tensor y = Tensor.empty(w.device(), w.dtype(), Shape.of(n, to));
            w.device().kernels().matmul().gemm(false, transposed, 1, rows, w, Into.overwrite(y));
            double[] all = y.toArray();
            double[][] out = new double[n][to];
            for (int j = 0; j < n; j++) {
                System.arraycopy(all, j * to, out[j], 0, to);
            }
            return out;
        }
    }
}
