package org.lugha.models.evaluate;

import java.util.regex.Pattern;

/** Signs set apart from words, as mteval-v13a and Tercom do it for Western languages. */
final class WesternSigns {
    /** ASCII punctuation but ' , - . stands alone. */
    private static final Pattern SIGNS = Pattern.compile("([{-~\\[-` -&(-+:-@/])");

    private static final Pattern POINT_AFTER = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH = Pattern.compile("([0-9])(-)");

    private WesternSigns() {}

    static String unescape(String text) {
        return text.replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
    }

    /** BLEU's rules. */
    static String apart(String text) {
        return points(SIGNS.matcher(text).replaceAll(" $1 "));
    }

    /** The same with the English possessive as a word. */
    static String apartWithPossessives(String text) {
        return points(SIGNS.matcher(text).replaceAll(" $1 ").replace("'s ", " 's "));
    }

    private static String points(String text) {
        String s = POINT_AFTER.matcher(text).replaceAll("$1 $2 ");
        s = POINT_BEFORE.matcher(s).replaceAll(" $1 $2");
        return DASH.matcher(s).replaceAll("$1 $2 ");
    }
}
