package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lugha.models.chat.Token.Kind;

/**
 * A template as tokens, with whitespace removed as {@code trim_blocks} and {@code lstrip_blocks}
 * ask: the line break behind a block, and blanks between the start of a line and a block.
 */
final class Lexer {
    private static final String[] OPERATORS = {
        "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", ".", ":",
        "|", ",", "(", ")", "[", "]", "{", "}"
    };

    private static final Pattern ENDRAW = Pattern.compile("\\{%[-+]?\\s*+endraw\\s*+([-+]?)%\\}");

    private final String s;
    private final List<Token> out = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStart = true;

    Lexer(String source) {
        String t = source.replace("\r\n", "\n").replace('\r', '\n');
        s = t.endsWith("\n") ? t.substring(0, t.length() - 1) : t;
    }

    List<Token> tokens() {
        while (at < s.length()) {
            int open = next();
            data(open);
            if (open < s.length()) {
                tag(open);
            }
        }
        out.add(new Token(Kind.END, "", line));
        return out;
    }

    private int next() {
        for (int i = at; i + 1 < s.length(); i++) {
            if (s.charAt(i) == '{' && "{%#".indexOf(s.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return s.length();
    }

    private void data(int end) {
        String text = s.substring(at, end);
        boolean tag = end < s.length();
        char sign = tag && end + 2 < s.length() ? s.charAt(end + 2) : ' ';
        if (tag && sign == '-') {
            text = Text.rstrip(text);
        } else if (tag && sign != '+' && s.charAt(end + 1) != '{') {
            int from = text.lastIndexOf('\n') + 1;
            if ((from > 0 || lineStart) && text.substring(from).isBlank()) {
                text = text.substring(0, from);
            }
        }
        if (!text.isEmpty()) {
            out.add(new Token(Kind.DATA, text, line));
        }
        advance(end);
    }

    private void advance(int to) {
        for (; at < to; at++) {
            if (s.charAt(at) == '\n') {
                line++;
            }
        }
    }

    private void tag(int open) {
        char kind = s.charAt(open + 1);
        advance(open + 2);
        if (at < s.length() && (s.charAt(at) == '-' || s.charAt(at) == '+') && !isClose(kind)) {
            at++;
        }
        switch (kind) {
            case '#' -> comment();
            case '{' -> expression(Kind.PRINT_BEGIN, Kind.PRINT_END, "}}");
            default -> block();
        }
    }

    private boolean isClose(char kind) {
        return s.startsWith(kind == '#' ? "-#}" : "-" + (kind == '{' ? "}}" : "%}"), at)
                && kind != '#';
    }

    private void comment() {
        int end = s.indexOf("#}", at);
        if (end < 0) {
            throw Token.wrong(line, "the comment does not end; close it with #}");
        }
        char sign = end > at ? s.charAt(end - 1) : ' ';
        advance(end + 2);
        after(sign, true);
    }

    private void block() {
        int begin = out.size();
        expression(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
        if (out.size() == begin + 3 && out.get(begin + 1).name("raw")) {
            while (out.size() > begin) {
                out.removeLast();
            }
            raw();
        }
    }

    /** Everything as it is up to the block endraw. */
    private void raw() {
        Matcher end = ENDRAW.matcher(s);
        for (int i = s.indexOf("{%", at); i >= 0; i = s.indexOf("{%", i + 1)) {
            end.region(i, s.length());
            if (end.lookingAt()) {
                data(i);
                advance(end.end());
                after(end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0), true);
                return;
            }
        }
        throw Token.wrong(line, "{% raw %} is never ended with {% endraw %}");
    }

    /** Whitespace behind a tag that goes with it. */
    private void after(char sign, boolean trims) {
        int from = at;
        if (sign == '-') {
            int end = at;
            while (end < s.length() && Text.isSpace(s.charAt(end))) {
                end++;
            }
            advance(end);
        } else if (trims && sign != '+' && at < s.length() && s.charAt(at) == '\n') {
            advance(at + 1);
        }
        lineStart = at > from && s.charAt(at - 1) == '\n';
    }

    private void expression(Kind begin, Kind end, String close) {
        int start = line;
        out.add(new Token(begin, "", line));
        int open = 0;
        while (at < s.length()) {
            char c = s.charAt(at);
            boolean signed = (c == '-' || c == '+') && s.startsWith(close, at + 1);
            if (open == 0 && (signed || s.startsWith(close, at))) {
                out.add(new Token(end, close, line));
                advance(at + (signed ? 3 : 2));
                after(signed ? c : ' ', end == Kind.BLOCK_END);
                return;
            }
            if (Text.isSpace(c)) {
                advance(at + 1);
            } else {
                open += token(c);
            }
        }
        throw Token.wrong(start, "the tag does not end; close it with " + close);
    }

    /** How many more braces are open after it. */
    private int token(char c) {
        if (c == '\'' || c == '"') {
            string(c);
            return 0;
        }
        if (Character.isDigit(c)) {
            number();
            return 0;
        }
        if (Character.isJavaIdentifierStart(c) && c != '$') {
            int from = at;
            while (at < s.length() && Character.isJavaIdentifierPart(s.charAt(at))) {
                at++;
            }
            out.add(new Token(Kind.NAME, s.substring(from, at), line));
            return 0;
        }
        for (String op : OPERATORS) {
            if (s.startsWith(op, at)) {
                out.add(new Token(Kind.OPERATOR, op, line));
                at += op.length();
                return "([{".contains(op) ? 1 : ")]}".contains(op) ? -1 : 0;
            }
        }
        throw Token.wrong(line, "'" + c + "' cannot stand here");
    }

    private void number() {
        int from = at;
        while (at < s.length() && Character.isDigit(s.charAt(at))) {
            at++;
        }
        boolean fraction =
                at + 1 < s.length() && s.charAt(at) == '.' && Character.isDigit(s.charAt(at + 1));
        if (fraction) {
            at++;
            while (at < s.length() && Character.isDigit(s.charAt(at))) {
                at++;
            }
        }
        fraction |= exponent();
        String digits = s.substring(from, at);
        if (digits.length() > 18) {
            throw Token.wrong(line, "the number " + digits.substring(0, 18) + "... is too long");
        }
        out.add(new Token(fraction ? Kind.FLOAT : Kind.INTEGER, digits, line));
    }

    private boolean exponent() {
        int i = at + 1;
        if (at >= s.length() || Character.toLowerCase(s.charAt(at)) != 'e') {
            return false;
        }
        i += i < s.length() && "+-".indexOf(s.charAt(i)) >= 0 ? 1 : 0;
        if (i >= s.length() || !Character.isDigit(s.charAt(i))) {
            return false;
        }
        while (i < s.length() && Character.isDigit(s.charAt(i))) {
            i++;
        }
        at = i;
        return true;
    }

    private void string(char quote) {
        int start = line;
        int from = at + 1;
        int end = from;
        while (end < s.length() && s.charAt(end) != quote) {
            end += s.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= s.length()) {
            throw Token.wrong(start, "the text does not end; close it with " + quote);
        }
        out.add(new Token(Kind.STRING, Text.unescape(s.substring(from, end)), start));
        advance(end + 1);
    }
}
