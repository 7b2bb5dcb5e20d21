package org.lugha.models.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line chart as an SVG element. Colours come from the page's style sheet. */
public final class LineChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 260;
    private static final int LEFT = 56;
    private static final int BOTTOM = 36;
    private static final int TOP = 12;
    private static final int RIGHT = 12;

    /** One line: x ascending, as many y. */
    public record Series(String name, double[] x, double[] y) {}

    private final String xLabel;
    private final List<Series> series = new ArrayList<>();

    public LineChart(String xLabel) {
        this.xLabel = xLabel;
    }

    /** Adds a line; non-finite points are left out. */
    public LineChart line(String name, double[] x, double[] y) {
        series.add(new Series(name, x, y));
        return this;
    }

    /** The SVG element. */
    public String svg() {
        Axis x = axis(true, LEFT, WIDTH - RIGHT);
        Axis y = axis(false, HEIGHT - BOTTOM, TOP);
        StringBuilder s = new StringBuilder();
        s.append(
                String.format(
                        Locale.ROOT,
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        WIDTH,
                        HEIGHT,
                        Html.escape(names() + " over " + xLabel)));
        for (double t : y.ticks()) {
            double at = y.at(t);
            s.append(tag("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, at, WIDTH - RIGHT));
            s.append(
                    tag(
                            "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                            LEFT - 6, at + 4, label(t)));
        }
        for (double t : x.ticks()) {
            s.append(
                    tag(
                            "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                            x.at(t), HEIGHT - BOTTOM + 16, label(t)));
        }
        s.append(
                tag(
                        "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                        WIDTH - RIGHT, HEIGHT - 4, Html.escape(xLabel)));
        for (int i = 0; i < series.size(); i++) {
            s.append(path(series.get(i), i, x, y));
        }
        return s.append("</svg>\n").append(legend()).toString();
    }

    private String path(Series line, int number, Axis x, Axis y) {
        StringBuilder d = new StringBuilder();
        for (int i = 0; i < line.x().length; i++) {
            if (Double.isFinite(line.y()[i])) {
                d.append(
                        String.format(
                                Locale.ROOT,
                                "%c%.1f %.1f",
                                d.isEmpty() ? 'M' : 'L',
                                x.at(line.x()[i]),
                                y.at(line.y()[i])));
            }
        }
        if (d.indexOf("L") < 0) {
            d.append("h0"); // one point: its round caps make a dot
        }
        return tag("<path class=\"line s%d\" d=\"%s\"/>", number % 4, d);
    }

    private String legend() {
        StringBuilder s = new StringBuilder("<p class=\"legend\">");
        for (int i = 0; i < series.size(); i++) {
            s.append(
                    tag("<span class=\"s%d\">%s</span>", i % 4, Html.escape(series.get(i).name())));
        }
        return s.append("</p>\n").toString();
    }

    private String names() {
        return String.join(", ", series.stream().map(Series::name).toList());
    }

    private Axis axis(boolean horizontal, double from, double to) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Series l : series) {
            for (double v : horizontal ? l.x() : l.y()) {
                if (Double.isFinite(v)) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
        }
        if (low > high) {
            low = 0;
            high = 1;
        }
        double least = horizontal ? low : Math.min(0, low);
        return new Axis(
                least, high > least ? high : least + Math.max(1, Math.ulp(least)), from, to);
    }

    /** Four digits, without zeros at the end; very large and very small ones as powers of ten. */
    static String label(double t) {
        if (t == 0) {
            return "0";
        }
        BigDecimal short4 = new BigDecimal(t).round(new MathContext(4)).stripTrailingZeros();
        double size = Math.abs(t);
        return size < 1e-4 || size >= 1e7 ? short4.toString() : short4.toPlainString();
    }

    private static String tag(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }

    /** Maps [low, high] to pixels. */
    private record Axis(double low, double high, double from, double to) {
        double at(double v) {
            return from + (v - low) / (high - low) * (to - from);
        }

        /** Four to nine round numbers. */
        List<Double> ticks() {
            double raw = (high - low) / 5;
            double power = Math.pow(10, Math.floor(Math.log10(raw)));
            double step =
                    power
                            * (raw / power < 1.5
                                    ? 1
                                    : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
            List<Double> out = new ArrayList<>();
            for (double k = Math.ceil(low / step); k * step <= high + step * 1e-9; k++) {
                out.add(k * step);
            }
            return out;
        }
    }
}
