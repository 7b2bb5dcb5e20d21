package org.lugha.models.spectrum;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Tensor;

/**
 * Singular values, largest first, and their vectors: {@code X = U diag(s) V^T}. Found by one-sided
 * Jacobi rotations (Hestenes 1958), which make the columns orthogonal: slow for large matrices, and
 * as exact as doubles are for small ones.
 *
 * @param u left vectors as columns; a zero column where the singular value is 0
 * @param s one for each column of X
 * @param v right vectors as columns
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Svd(double[][] u, double[] s, double[][] v) {
    private static final int MOST_SWEEPS = 60;

    /** Vectors that a search begins with beyond those wanted. */
    private static final int MORE = 6;

    /** How often they are multiplied. */
    private static final int BLOCKS = 20;

    private static final double ORTHOGONAL = 1e-15;

    /** Of a matrix given by its columns. */
    public static Svd of(double[][] columns) {
        double[][] u = Vectors.copy(columns);
        int n = u.length;
        double[][] v = new double[n][n];
        for (int j = 0; j < n; j++) {
            v[j][j] = 1;
        }
        boolean rotated = true;
        for (int sweep = 0; rotated && sweep < MOST_SWEEPS; sweep++) {
            rotated = false;
            for (int p = 0; p < n - 1; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotated |= rotate(u, v, p, q);
                }
            }
        }
        return sorted(u, v);
    }

    /** Makes two columns orthogonal; whether they were not. */
    private static boolean rotate(double[][] u, double[][] v, int p, int q) {
        double a = Vectors.dot(u[p], u[p]);
        double b = Vectors.dot(u[q], u[q]);
        double c = Vectors.dot(u[p], u[q]);
        if (Math.abs(c) <= ORTHOGONAL * Math.sqrt(a * b)) {
            return false;
        }
        double zeta = (b - a) / (2 * c);
        double tan = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double cos = 1 / Math.hypot(1, tan);
        turn(u[p], u[q], cos, cos * tan);
        turn(v[p], v[q], cos, cos * tan);
        return true;
    }

    private static void turn(double[] x, double[] y, double cos, double sin) {
        for (int i = 0; i < x.length; i++) {
            double t = x[i];
            x[i] = cos * t - sin * y[i];
            y[i] = sin * t + cos * y[i];
        }
    }

    /**
     * The k leading singular values of a matrix {@code [out, in]} of any size and their left
     * vectors; fewer where there are no more. Right vectors are left out: {@code V = W^T U / s}.
     */
    public static Svd leading(Tensor w, int k) {
        int out = w.dim(0);
        int few = Math.min(k, Math.min(out, w.dim(1)));
        double[][] start = new double[Math.min(out, few + MORE)][out];
        for (int j = 0; j < start.length; j++) {
            for (int i = 0; i < out; i++) {
                start[j][i] = Philox.normal(j, i);
            }
        }
        Svd all = Krylov.from(w, start, BLOCKS);
        return new Svd(Arrays.copyOf(all.u, few), Arrays.copyOf(all.s, few), new double[0][]);
    }

    private static Svd sorted(double[][] u, double[][] v) {
        int n = u.length;
        double[] norms = new double[n];
        for (int j = 0; j < n; j++) {
            norms[j] = Vectors.norm(u[j]);
        }
        int[] order =
                IntStream.range(0, n)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer j) -> -norms[j]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[][] left = new double[n][];
        double[][] right = new double[n][];
        double[] s = new double[n];
        for (int j = 0; j < n; j++) {
            s[j] = norms[order[j]];
            left[j] = u[order[j]];
            right[j] = v[order[j]];
            if (s[j] > 0) {
                Vectors.scale(1 / s[j], left[j]);
            }
        }
        return new Svd(left, s, right);
    }

    /**
     * Of a product {@code B A} without making it: through the triangles of both, which are as small
     * as the rank.
     *
     * @param b columns of B, {@code [out, r]}
     * @param a rows of A, {@code [r, in]}
     */
    public static Svd ofProduct(double[][] b, double[][] a) {
        ThinQr left = ThinQr.of(b);
        ThinQr right = ThinQr.of(a);
        Svd core = of(Vectors.product(left.r(), transposed(right.r())));
        return new Svd(
                Vectors.product(left.q(), core.u), core.s, Vectors.product(right.q(), core.v));
    }

    /** {@code sqrt(sum s^2)}, the Frobenius norm. */
    public double norm() {
        return Vectors.norm(s);
    }

    /** The Frobenius norm of any matrix, given by its rows or its columns. */
    public static double norm(double[][] m) {
        double sum = 0;
        for (double[] one : m) {
            sum += Vectors.dot(one, one);
        }
        return Math.sqrt(sum);
    }

    static double[][] transposed(double[][] columns) {
        int rows = columns.length == 0 ? 0 : columns[0].length;
        double[][] t = new double[rows][columns.length];
        for (int j = 0; j < columns.length; j++) {
            for (int i = 0; i < rows; i++) {
                t[i][j] = columns[j][i];
            }
        }
        return t;
    }
}
