package org.lugha.models.spectrum;

/**
 * {@code X = Q R} with orthonormal columns of Q, by Gram and Schmidt's method done twice, which is
 * as orthogonal as doubles are. A column that depends on those before it is a zero column of Q.
 *
 * @param r upper triangular, by columns
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ThinQr(double[][] q, double[][] r) {
    private static final double DEPENDENT = 1e-13;

    static ThinQr of(double[][] columns) {
        int n = columns.length;
        double[][] q = Vectors.copy(columns);
        double[][] r = new double[n][n];
        for (int j = 0; j < n; j++) {
            double before = Vectors.norm(q[j]);
            for (int twice = 0; twice < 2; twice++) {
                for (int i = 0; i < j; i++) {
                    double c = Vectors.dot(q[i], q[j]);
                    r[j][i] += c;
                    Vectors.add(-c, q[i], q[j]);
                }
            }
            double norm = Vectors.norm(q[j]);
            if (norm <= DEPENDENT * before) {
                q[j] = new double[q[j].length];
            } else {
                r[j][j] = norm;
                Vectors.scale(1 / norm, q[j]);
            }
        }
        return new ThinQr(q, r);
    }
}
