package org.lugha.autograd;

/**
 * A numeric derivative and how far off it may be. A central difference {@code D(h) = (phi(x + h) -
 * phi(x - h)) / 2h} errs by {@code O(h^2)} and by rounding over h; Romberg's extrapolation from h,
 * h/2 and h/4 removes more of the former. The rounding of phi is measured, not assumed.
 */
record Slope(double value, double doubt) {
    private static final double QUICK = 1e-5;
    private static final double[] STEPS = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5};
    private static final double WIGGLE = 1e-13;

    /** By one small step, which settles most elements; its doubt is not known and given as 0. */
    static Slope quick(Projection phi, int input, int index) {
        return new Slope(difference(phi, input, index, QUICK * unit(phi, input, index)), 0);
    }

    /** Of extrapolations from several steps the one that is least in doubt, whatever it says. */
    static Slope careful(Projection phi, int input, int index) {
        double unit = unit(phi, input, index);
        double rounding = rounding(phi, input, index, WIGGLE * unit);
        Slope best = null;
        for (double step : STEPS) {
            Slope s = romberg(phi, input, index, step * unit, rounding);
            if (best == null || s.doubt() < best.doubt()) {
                best = s;
            }
        }
        return best;
    }

    private static double unit(Projection phi, int input, int index) {
        return Math.max(1, Math.abs(phi.at()[input].get(index)));
    }

    private static Slope romberg(Projection phi, int input, int index, double h, double rounding) {
        double whole = difference(phi, input, index, h);
        double half = difference(phi, input, index, h / 2);
        double quarter = difference(phi, input, index, h / 4);
        double coarse = (4 * half - whole) / 3;
        double fine = (4 * quarter - half) / 3;
        double value = (16 * fine - coarse) / 15;
        return new Slope(value, Math.max(Math.abs(fine - coarse), rounding / (h / 4)));
    }

    private static double difference(Projection phi, int input, int index, double h) {
        double x = phi.at()[input].get(index);
        double[] above = phi.moved(input, index, x + h);
        double[] below = phi.moved(input, index, x - h);
        return phi.change(above, below) / ((x + h) - (x - h));
    }

    /**
     * The largest change of phi under moves too small to matter; where it stands still, what one
     * rounding of numbers around 1, or of the output, would be.
     */
    private static double rounding(Projection phi, int input, int index, double h) {
        double x = phi.at()[input].get(index);
        double[] here = phi.moved(input, index, x);
        double largest = 2 * Math.ulp(Math.max(1, phi.size()));
        for (int i = 1; i <= 4; i++) {
            double[] there = phi.moved(input, index, x + (i % 2 == 0 ? i : -i) * h);
            largest = Math.max(largest, Math.abs(phi.change(there, here)));
        }
        return largest;
    }
}
