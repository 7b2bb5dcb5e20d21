package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What Python's strings do. */
final class Text {
    private Text() {}

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    static String rstrip(String s) {
        return strip(s, null, false, true);
    }

    /** Without these characters, or whitespace for null, at the chosen ends. */
    static String strip(String s, String chars, boolean left, boolean right) {
        int from = 0;
        int to = s.length();
        while (left && from < to && stripped(s.codePointAt(from), chars)) {
            from += Character.charCount(s.codePointAt(from));
        }
        while (right && to > from && stripped(s.codePointBefore(to), chars)) {
            to -= Character.charCount(s.codePointBefore(to));
        }
        return s.substring(from, to);
    }

    private static boolean stripped(int c, String chars) {
        return chars == null ? isSpace(c) : chars.indexOf(c) >= 0;
    }

    static String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int n = Character.charCount(s.codePointAt(0));
        return s.substring(0, n).toUpperCase(Locale.ROOT) + s.substring(n).toLowerCase(Locale.ROOT);
    }

    /** Every word begins large; the method takes any non-letter for a border, the filter blanks. */
    static String title(String s, boolean filter) {
        StringBuilder out = new StringBuilder();
        boolean begin = true;
        for (int c : s.codePoints().toArray()) {
            out.appendCodePoint(begin ? Character.toTitleCase(c) : Character.toLowerCase(c));
            begin = filter ? isSpace(c) || "-({[<".indexOf(c) >= 0 : !Character.isLetter(c);
        }
        return out.toString();
    }

    /**
     * At runs of whitespace for null, else at every separator; at most {@code most} cuts if >= 0.
     */
    static List<Object> split(String s, String separator, long most) {
        List<Object> out = new ArrayList<>();
        if (separator == null) {
            for (int at = word(s, 0); at < s.length(); at = word(s, at)) {
                int end = at;
                boolean last = most >= 0 && out.size() == most;
                while (end < s.length() && (last || !isSpace(s.charAt(end)))) {
                    end++;
                }
                out.add(s.substring(at, end));
                at = end;
            }
            return out;
        }
        int from = 0;
        for (int i = s.indexOf(separator); i >= 0; i = s.indexOf(separator, from)) {
            if (most >= 0 && out.size() == most) {
                break;
            }
            out.add(s.substring(from, i));
            from = i + separator.length();
        }
        out.add(s.substring(from));
        return out;
    }

    /** Where the next character that is not whitespace is. */
    private static int word(String s, int from) {
        int at = from;
        while (at < s.length() && isSpace(s.charAt(at))) {
            at++;
        }
        return at;
    }

    /** From the right. */
    static List<Object> rsplit(String s, String separator, long most) {
        List<Object> out = new ArrayList<>();
        int to = s.length();
        int i = s.lastIndexOf(separator, to - separator.length());
        while (i >= 0 && (most < 0 || out.size() < most)) {
            out.add(s.substring(i + separator.length(), to));
            to = i;
            i = s.lastIndexOf(separator, to - separator.length());
        }
        out.add(s.substring(0, to));
        Collections.reverse(out);
        return out;
    }

    /** The first {@code most} occurrences replaced, all if negative. */
    static String replace(String s, String old, String by, long most) {
        if (old.isEmpty() || most < 0) {
            return s.replace(old, by);
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        int i = s.indexOf(old);
        for (long n = 0; n < most && i >= 0; n++) {
            out.append(s, from, i).append(by);
            from = i + old.length();
            i = s.indexOf(old, from);
        }
        return out.append(s.substring(from)).toString();
    }

    /** The value of a literal. */
    static String unescape(String s) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c != '\\' || i + 1 == s.length()) {
                out.append(c);
                continue;
            }
            char e = s.charAt(++i);
            int hex = e == 'x' ? 2 : e == 'u' ? 4 : e == 'U' ? 8 : 0;
            if (hex > 0
                    && s.length() > i + hex
                    && s.substring(i + 1, i + 1 + hex).matches("\\p{XDigit}+")) {
                int code = Integer.parseUnsignedInt(s.substring(i + 1, i + 1 + hex), 16);
                out.appendCodePoint(Character.isValidCodePoint(code) ? code : 0xFFFD);
                i += hex;
                continue;
            }
            int known = "ntr\\'\"0abfv\n".indexOf(e);
            if (known < 0) {
                out.append('\\').append(e);
            } else if (e != '\n') {
                out.append("\n\t\r\\'\"\0\u0007\b\f\u000b".charAt(known));
            }
        }
        return out.toString();
    }
}
