package org.lugha.models.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line chart as an SVG element. Colours come from the page's style sheet. */
public final class LineChart {
    private static final int SMALL = 420;
    private static final int HEIGHT = 260;
    private static final int LEFT = 56;
    private static final int BOTTOM = 36;
    private static final int TOP = 12;
    private static final int RIGHT = 12;

    /** Colours of the style sheet; lines beyond begin anew, dashed. */
    private static final int COLOURS = 8;

    /** How a line is drawn: as it is, under the next one in its colour, or with its points. */
    private enum Drawn {
        LINE,
        FAINT,
        DOTTED
    }

    private record Series(String name, Curve curve, Drawn drawn, int colour) {
        String classes() {
            return "s" + colour % COLOURS + (colour / COLOURS % 2 == 1 ? " dashed" : "");
        }
    }

    private final String xLabel;
    private final List<Series> series = new ArrayList<>();
    private int width = 720;
    private boolean fitted;

    public LineChart(String xLabel) {
        this.xLabel = xLabel;
    }

    /** Adds a line, x ascending; points that are not finite are left out. */
    public LineChart line(String name, double[] x, double[] y) {
        return add(name, x, y, Drawn.LINE);
    }

    /** Adds a line whose points are marked and tell their values. */
    public LineChart dotted(String name, double[] x, double[] y) {
        return add(name, x, y, Drawn.DOTTED);
    }

    /** Adds a noisy line: it is drawn faintly, and its running mean over it. */
    public LineChart smoothed(String name, double[] x, double[] y) {
        Curve all = new Curve(x, y);
        if (x.length < 40) {
            return add(name, x, y, Drawn.LINE);
        }
        series.add(new Series(name, all, Drawn.FAINT, colours()));
        series.add(new Series(name, all.smoothed(), Drawn.LINE, colours()));
        return this;
    }

    /** The y axis need not reach down to 0. */
    public LineChart fitted() {
        fitted = true;
        return this;
    }

    /** Half as wide, to stand beside another. */
    public LineChart small() {
        width = SMALL;
        return this;
    }

    /**
     * The SVG element, and its legend; a small chart of one line has none, its heading names it.
     */
    public String svg() {
        Axis x = axis(true, LEFT, width - RIGHT);
        Axis y = axis(false, HEIGHT - BOTTOM, TOP);
        StringBuilder s = new StringBuilder();
        s.append(
                tag(
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                        width,
                        HEIGHT,
                        Html.escape(String.join(", ", names()) + " over " + xLabel)));
        for (double t : y.ticks()) {
            double at = y.at(t);
            s.append(tag("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, at, width - RIGHT));
            s.append(tick(LEFT - 6, at + 4, "end", label(t)));
        }
        for (double t : x.ticks()) {
            s.append(tick(x.at(t), HEIGHT - BOTTOM + 16, "middle", label(t)));
        }
        s.append(tick(width - RIGHT, HEIGHT - 4, "end", xLabel));
        for (Series line : series) {
            s.append(path(line, x, y));
        }
        return s.append("</svg>\n")
                .append(width > SMALL || colours() > 1 ? legend() : "")
                .toString();
    }

    private LineChart add(String name, double[] x, double[] y, Drawn drawn) {
        series.add(new Series(name, new Curve(x, y), drawn, colours()));
        return this;
    }

    private int colours() {
        return (int) series.stream().filter(s -> s.drawn() != Drawn.FAINT).count();
    }

    private static String path(Series line, Axis x, Axis y) {
        Curve c = line.curve().thinned(line.drawn() == Drawn.DOTTED ? 4000 : 600);
        StringBuilder d = new StringBuilder();
        StringBuilder dots = new StringBuilder();
        for (int i = 0; i < c.x().length; i++) {
            double atX = x.at(c.x()[i]);
            double atY = y.at(c.y()[i]);
            d.append(String.format(Locale.ROOT, "%c%.1f %.1f", d.isEmpty() ? 'M' : 'L', atX, atY));
            if (line.drawn() == Drawn.DOTTED) {
                dots.append(
                        tag(
                                "<circle class=\"dot s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\">"
                                        + "<title>%s, %s: %s</title></circle>",
                                line.colour() % COLOURS,
                                atX,
                                atY,
                                Html.escape(line.name()),
                                label(c.x()[i]),
                                label(c.y()[i])));
            }
        }
        if (d.indexOf("L") < 0) {
            d.append(d.isEmpty() ? "M0 0" : "h0"); // one point: its round caps make a dot
        }
        String faint = line.drawn() == Drawn.FAINT ? " faint" : "";
        return tag("<path class=\"line %s%s\" d=\"%s\"/>", line.classes(), faint, d) + dots;
    }

    private String legend() {
        StringBuilder s = new StringBuilder("<p class=\"legend\">");
        for (Series line : series) {
            if (line.drawn() != Drawn.FAINT) {
                s.append(
                        tag(
                                "<span class=\"%s\">%s</span>",
                                line.classes(), Html.escape(line.name())));
            }
        }
        return s.append("</p>\n").toString();
    }

    private List<String> names() {
        return series.stream().map(Series::name).distinct().toList();
    }

    private Axis axis(boolean horizontal, double from, double to) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Series l : series) {
            for (double v : horizontal ? l.curve().x() : l.curve().y()) {
                low = Math.min(low, v);
                high = Math.max(high, v);
            }
        }
        if (low > high) {
            low = 0;
            high = 1;
        }
        double least = horizontal || fitted ? low : Math.min(0, low);
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

    private static String tick(double x, double y, String anchor, String text) {
        return tag(
                "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x, y, anchor, Html.escape(text));
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
