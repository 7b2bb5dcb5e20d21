package org.lugha.models.report;

import java.util.stream.IntStream;

/** Points of a line, x ascending; what is not finite is left out. */
record Curve(double[] x, double[] y) {
    Curve {
        double[] allX = x;
        double[] allY = y;
        int[] kept =
                IntStream.range(0, Math.min(x.length, y.length))
                        .filter(i -> Double.isFinite(allX[i]) && Double.isFinite(allY[i]))
                        .toArray();
        x = IntStream.of(kept).mapToDouble(i -> allX[i]).toArray();
        y = IntStream.of(kept).mapToDouble(i -> allY[i]).toArray();
    }

    /**
     * The exponential mean of what came before, its weights adding up to 1 from the first point on,
     * over about a fortieth of the points.
     */
    Curve smoothed() {
        double keep = 1 - 1 / Math.max(4, x.length / 40.0);
        double[] mean = new double[y.length];
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < y.length; i++) {
            sum = keep * sum + (1 - keep) * y[i];
            weight = keep * weight + (1 - keep);
            mean[i] = sum / weight;
        }
        return new Curve(x, mean);
    }

    /** Of many points the lowest and the highest of every stretch, so that no spike is lost. */
    Curve thinned(int most) {
        if (x.length <= most) {
            return this;
        }
        int stretches = most / 2;
        int[] kept =
                IntStream.range(0, stretches)
                        .flatMap(s ->
                                extremes(
                                        (int) ((long) s * x.length / stretches),
                                        (int) ((s + 1L) * x.length / stretches)))
                        .toArray();
        return new Curve(
                IntStream.of(kept).mapToDouble(i -> x[i]).toArray(),
                IntStream.of(kept).mapToDouble(i -> y[i]).toArray());
    }

    private IntStream extremes(int from, int to) {
        int low = from;
        int high = from;
        for (int i = from + 1; i < to; i++) {
            low = y[i] < y[low] ? i : low;
            high = y[i] > y[high] ? i : high;
        }
        return IntStream.of(Math.min(low, high), Math.max(low, high)).distinct();
    }
}
