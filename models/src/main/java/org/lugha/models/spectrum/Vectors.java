package org.lugha.models.spectrum;

/** Sums over columns of doubles; a matrix is an array of its columns. */
final class Vectors {
    private Vectors() {}

    static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) { // four sums: additions need not wait for each other
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** {@code y += f x}. */
    static void add(double f, double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += f * x[i];
        }
    }

    static void scale(double f, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] *= f;
        }
    }

    static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    static double[][] copy(double[][] columns) {
        double[][] y = new double[columns.length][];
        for (int j = 0; j < y.length; j++) {
            y[j] = columns[j].clone();
        }
        return y;
    }

    /** {@code x w}, x {@code [m,n]} and w {@code [n,k]} by columns. */
    static double[][] product(double[][] x, double[][] w) {
        int rows = x.length == 0 ? 0 : x[0].length;
        double[][] y = new double[w.length][rows];
        for (int j = 0; j < w.length; j++) {
            for (int i = 0; i < x.length; i++) {
                add(w[j][i], x[i], y[j]);
            }
        }
        return y;
    }
}
