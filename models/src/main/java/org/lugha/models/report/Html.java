package org.lugha.models.report;

import java.util.List;
import java.util.regex.Pattern;

/** A page put together part by part; every text is escaped. */
public final class Html {
    /** What stands where nothing is known. */
    static final String NONE = "\u2013";

    private static final Pattern NUMBER =
            Pattern.compile("[-+\u2212]?[\\d.,]+(E[-+]?\\d+)?( ?(%|[KMGT]?i?B))?");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*");

    private final String title;
    private final StringBuilder body = new StringBuilder();

    public Html(String title) {
        this.title = title;
    }

    public Html heading(String text) {
        return element("h2", "", text);
    }

    public Html paragraph(String text) {
        return element("p", "", text);
    }

    public Html chart(LineChart chart) {
        body.append(chart.svg());
        return this;
    }

    /** A table; columns that hold numbers are set to the right. A head of blanks is left away. */
    public Html table(List<String> head, List<List<String>> rows) {
        open("div class=\"wide\"").open("table");
        if (head.stream().anyMatch(h -> !h.isEmpty())) {
            row("th", head, rows);
        }
        rows.forEach(r -> row("td", r, rows));
        return close("table").close("div");
    }

    /** An element that holds text alone; attributes as they stand in HTML. */
    Html element(String tag, String attributes, String text) {
        body.append('<').append(tag).append(attributes.isEmpty() ? "" : " " + attributes);
        body.append('>').append(escape(text)).append("</").append(tag).append(">\n");
        return this;
    }

    Html open(String tag) {
        body.append('<').append(tag).append(">\n");
        return this;
    }

    Html close(String tag) {
        body.append("</").append(tag).append(">\n");
        return this;
    }

    /**
     * Text as it is, its direction by its first strong letter, its language where that is known.
     */
    Html foreign(String tag, String language, String text) {
        return element(tag, foreign(language), text);
    }

    /** Attributes of such an element. */
    static String foreign(String language) {
        String known =
                LANGUAGE.matcher(language).matches()
                        ? " lang=\"" + language.replace('_', '-') + "\""
                        : "";
        return "class=\"text\" dir=\"auto\"" + known;
    }

    /** A part that is HTML already. */
    Html raw(String html) {
        body.append(html);
        return this;
    }

    /** What was put together, without the page around it. */
    String body() {
        return body.toString();
    }

    /** The whole page. */
    public String page() {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>"
                + escape(title)
                + "</title>\n<style>\n"
                + Style.SHEET
                + "</style>\n</head>\n<body>\n<h1>"
                + escape(title)
                + "</h1>\n"
                + body
                + "</body>\n</html>\n";
    }

    /** Control characters, which HTML has no way to hold, become their pictures. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '&' -> out.append("&amp;");
                        case '<' -> out.append("&lt;");
                        case '>' -> out.append("&gt;");
                        case '"' -> out.append("&quot;");
                        case '\n', '\t' -> out.append((char) c);
                        default -> out.appendCodePoint(shown(c));
                    }
                });
        return out.toString();
    }

    private static int shown(int c) {
        boolean none = c >= 0xD800 && c < 0xE000 || (c & 0xFFFE) == 0xFFFE;
        return c < ' ' ? 0x2400 + c : c == 0x7F ? 0x2421 : none ? 0xFFFD : c;
    }

    private void row(String tag, List<String> cells, List<List<String>> rows) {
        body.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            body.append('<').append(tag).append(numbers(rows, i) ? " class=\"number\">" : ">");
            body.append(escape(cells.get(i))).append("</").append(tag).append('>');
        }
        body.append("</tr>\n");
    }

    private static boolean numbers(List<List<String>> rows, int column) {
        List<String> filled =
                rows.stream()
                        .filter(r -> column < r.size())
                        .map(r -> r.get(column))
                        .filter(c -> !c.equals(NONE))
                        .toList();
        return !filled.isEmpty() && filled.stream().allMatch(c -> NUMBER.matcher(c).matches());
    }
}
