package org.lugha.runtime.reference;

import org.lugha.runtime.Layout;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/** {@link AttentionKernel} one query at a time, with its whole row of scores. */
public final class RefAttention implements AttentionKernel {

    @Override
    public void forward(Tensor q, Tensor k, Tensor v, Scores scores, Into y, Into lse) {
        Mask mask = scores.mask();
        Out out = Out.of(y);
        Out save = Out.of(lse);
        int heads = q.dim(2);
        int queries = q.dim(1);
        int keys = k.dim(1);
        double[] p = new double[keys];
        for (int b = 0; b < q.dim(0); b++) {
            for (int h = 0; h < heads; h++) {
                int g = h / (heads / k.dim(2));
                double[][] query = head(q, b, h);
                double[][] key = head(k, b, g);
                double[][] value = head(v, b, g);
                for (int t = 0; t < queries; t++) {
                    int first = mask.first(b, t);
                    int end = mask.end(b, t, keys);
                    double max = Double.NEGATIVE_INFINITY;
                    for (int s = first; s < end; s++) {
                        double u = capped(scores, dot(query[t], key[s]));
                        p[s] = u + bias(scores, h, t, s);
                        max = Math.max(max, p[s]);
                    }
                    double sum = 0;
                    for (int s = first; s < end; s++) {
                        p[s] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p[s] - max);
                        sum += p[s];
                    }
                    double[] seen = new double[q.dim(3)];
                    for (int s = first; s < end; s++) {
                        addScaled(seen, sum == 0 ? 0 : p[s] / sum, value[s]);
                    }
                    out.putAll((((long) b * queries + t) * heads + h) * seen.length, seen);
                    if (save != null) {
                        save.put(((long) b * heads + h) * queries + t, max + Math.log(sum));
                    }
                }
            }
        }
    }

    @Override
    public void backward(
            Tensor q,
            Tensor k,
            Tensor v,
            Scores scores,
            Tensor y,
            Tensor lse,
            Tensor dy,
            Into dq,
            Into dk,
            Into dv) {
        Mask mask = scores.mask();
        In totals = In.of(lse);
        int group = q.dim(2) / k.dim(2);
        int width = q.dim(3);
        for (int b = 0; b < q.dim(0); b++) {
            for (int g = 0; g < k.dim(2); g++) {
                double[][] key = head(k, b, g);
                double[][] value = head(v, b, g);
                double[][] keySums = new double[key.length][width];
                double[][] valueSums = new double[key.length][width];
                for (int h = g * group; h < (g + 1) * group; h++) {
                    double[][] query = head(q, b, h);
                    double[][] result = head(y, b, h);
                    double[][] gradient = head(dy, b, h);
                    double[][] querySums = new double[query.length][width];
                    for (int t = 0; t < query.length; t++) {
                        double total = totals.at(((long) b * q.dim(2) + h) * query.length + t);
                        double d = dot(gradient[t], result[t]);
                        int end = mask.end(b, t, key.length);
                        for (int s = mask.first(b, t); s < end; s++) {
                            double u = capped(scores, dot(query[t], key[s]));
                            double p = Math.exp(u + bias(scores, h, t, s) - total);
                            double ds = p * (dot(gradient[t], value[s]) - d) * slope(scores, u);
                            addScaled(valueSums[s], p, gradient[t]);
                            addScaled(querySums[t], ds, key[s]);
                            addScaled(keySums[s], ds, query[t]);
                        }
                    }
                    write(querySums, dq, b, h);
                }
                write(keySums, dk, b, g);
                write(valueSums, dv, b, g);
            }
        }
    }

    /** The score of a product before any bias. */
    private static double capped(Scores s, double product) {
        double cap = s.softCap();
        return cap == 0 ? s.scale() * product : cap * Math.tanh(s.scale() * product / cap);
    }

    /** Its derivative by the product. */
    private static double slope(Scores s, double capped) {
        double part = s.softCap() == 0 ? 0 : capped / s.softCap();
        return s.scale() * (1 - part * part);
    }

    private static double bias(Scores s, int h, int t, int key) {
        return s.slope(h) * (double) (key - t - s.mask().offset());
    }

    /** One head of {@code [B,T,H,D]} as {@code [T][D]}. */
    private static double[][] head(Tensor x, int b, int h) {
        In in = In.strided(x);
        Layout layout = x.layout();
        double[][] rows = new double[x.dim(1)][x.dim(3)];
        for (int t = 0; t < rows.length; t++) {
            for (int d = 0; d < rows[t].length; d++) {
                rows[t][d] = in.at(at(layout, b, t, h, d));
            }
        }
        return rows;
    }

    private static void write(double[][] rows, Into into, int b, int h) {
        if (into == null) {
            return;
        }
        Out out = Out.strided(into);
        Layout layout = into.tensor().layout();
        for (int t = 0; t < rows.length; t++) {
            for (int d = 0; d < rows[t].length; d++) {
                out.put(at(layout, b, t, h, d), rows[t][d]);
            }
        }
    }

    private static long at(Layout l, long b, long t, long h, long d) {
        long[] s = l.strides();
        return l.offset() + b * s[0] + t * s[1] + h * s[2] + d * s[3];
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void addScaled(double[] sum, double factor, double[] x) {
        for (int i = 0; i < x.length; i++) {
            sum[i] += factor * x[i];
        }
    }
}
