package org.lugha.models.report;

import java.util.List;

/** A page put together part by part; every text is escaped. */
public final class Html {
    private static final String STYLE =
            """
            :root { color-scheme: light dark; --ink: #1d2327; --paper: #fdfcf9; --soft: #6b7480;
              --rule: #d9d6cd; --s0: #0b6e4f; --s1: #b4531a; --s2: #3056a0; --s3: #8a2f6b; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e3dc; --paper: #16191c;
              --soft: #98a1ab; --rule: #343a40; --s0: #5fc7a0; --s1: #e8935a; --s2: #86a8ea;
              --s3: #d58abb; } }
            body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
              max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
            h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; }
            table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
            th, td { text-align: left; padding: .35rem .6rem .35rem 0; vertical-align: top;
              border-bottom: 1px solid var(--rule); }
            th { color: var(--soft); font-weight: 600; }
            td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
            svg { width: 100%; height: auto; } .grid { stroke: var(--rule); fill: none; }
            .tick { fill: var(--soft); font-size: 12px; } .line { fill: none; stroke-width: 1.8;
              stroke-linecap: round; }
            .line.s0 { stroke: var(--s0); } .line.s1 { stroke: var(--s1); }
            .line.s2 { stroke: var(--s2); } .line.s3 { stroke: var(--s3); }
            .legend span { margin-right: 1.4rem; } .legend span::before { content: "\\25ac  "; }
            .legend .s0::before { color: var(--s0); } .legend .s1::before { color: var(--s1); }
            .legend .s2::before { color: var(--s2); } .legend .s3::before { color: var(--s3); }
            """;

    private final String title;
    private final StringBuilder body = new StringBuilder();

    public Html(String title) {
        this.title = title;
    }

    public Html heading(String text) {
        body.append("<h2>").append(escape(text)).append("</h2>\n");
        return this;
    }

    public Html paragraph(String text) {
        body.append("<p>").append(escape(text)).append("</p>\n");
        return this;
    }

    public Html chart(LineChart chart) {
        body.append(chart.svg());
        return this;
    }

    /** A table; cells that look like numbers are set to the right. */
    public Html table(List<String> head, List<List<String>> rows) {
        body.append("<table>\n");
        row("th", head, rows.isEmpty() ? head : rows.getFirst());
        rows.forEach(r -> row("td", r, r));
        body.append("</table>\n");
        return this;
    }

    /** The whole page. */
    public String page() {
        return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>"
                + escape(title)
                + "</title>\n<style>\n"
                + STYLE
                + "</style>\n<h1>"
                + escape(title)
                + "</h1>\n"
                + body
                + "</html>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void row(String tag, List<String> cells, List<String> like) {
        body.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            boolean number = i < like.size() && like.get(i).matches("[-+]?[\\d.,]+( ?%)?");
            body.append('<').append(tag).append(number ? " class=\"number\">" : ">");
            body.append(escape(cells.get(i))).append("</").append(tag).append('>');
        }
        body.append("</tr>\n");
    }
}
