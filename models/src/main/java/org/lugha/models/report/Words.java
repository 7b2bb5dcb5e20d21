package org.lugha.models.report;

import java.util.Locale;
import org.lugha.runtime.plan.Plan;

/** Numbers for people; what is not known is a dash. */
final class Words {
    private Words() {}

    static String count(long n) {
        return n < 0 ? Html.NONE : String.format(Locale.ROOT, "%,d", n);
    }

    static String number(double v, int digits) {
        return Double.isFinite(v) ? String.format(Locale.ROOT, "%,." + digits + "f", v) : Html.NONE;
    }

    static String share(double part) {
        return Double.isFinite(part)
                ? String.format(Locale.ROOT, "%.1f %%", 100 * part)
                : Html.NONE;
    }

    /** A part of a whole, where both are known. */
    static String share(long part, long whole) {
        return part < 0 || whole <= 0 ? Html.NONE : share((double) part / whole);
    }

    static String size(long bytes) {
        return Plan.size(bytes);
    }

    /** Kilowatt-hours, or watt-hours where it is little. */
    static String energy(double kwh) {
        return kwh > 0 && kwh < 0.01 ? figure(1000 * kwh) + " Wh" : figure(kwh) + " kWh";
    }

    /** Grams and what a table holds: three or four digits that count. */
    static String figure(double v) {
        if (!Double.isFinite(v)) {
            return Html.NONE;
        }
        double size = Math.abs(v);
        int digits =
                size >= 1000
                        ? 0
                        : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 || size == 0 ? 3 : 4;
        return size > 0 && size < 1e-3 || size >= 1e9
                ? LineChart.label(v)
                : String.format(Locale.ROOT, "%,." + digits + "f", v);
    }
}
