package org.lugha.models.report;

import java.util.List;

/** A page of examples whose tokens can be told apart, and which of them the loss counts. */
public final class MaskPage {
    private static final String STYLE =
            "<style>.tokens b, .tokens mark { font-weight: inherit;"
                    + " border-inline-end: 1px solid var(--soft); padding-block: .1rem; }"
                    + " .tokens .name { font: .8em ui-monospace, monospace; color: var(--s2); }"
                    + "</style>\n";

    private final Html page;

    /** A token, or several that spell one character. */
    public record Token(String text, boolean counted, boolean special) {}

    public MaskPage(String title) {
        page = new Html(title);
        page.raw(STYLE);
        page.raw(
                "<p class=\"soft\">Tokens that the loss counts are <mark>marked</mark>; a thin"
                        + " line ends each, special tokens stand with their names.</p>\n");
    }

    /** The examples of a file follow. */
    public void file(String name) {
        page.heading(name);
    }

    /** One example under a line that says where it is from. */
    public void add(String where, String language, List<Token> tokens) {
        page.open("div class=\"sample tokens\"").element("div", "class=\"soft\"", where);
        StringBuilder text = new StringBuilder();
        for (Token t : tokens) {
            String tag = t.counted() ? "mark" : "b";
            text.append('<').append(tag).append(t.special() ? " class=\"name\">" : ">");
            text.append(Html.escape(t.text().replace("\n", "\u21B5\n").replace("\t", "\u21E5\t")));
            text.append("</").append(tag).append('>');
        }
        page.raw("<div " + Html.foreign(language) + ">" + text + "</div>\n").close("div");
    }

    /** The whole page. */
    public String page() {
        return page.page();
    }
}
