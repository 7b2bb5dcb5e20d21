package org.lugha.models.tokenizer;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of tokenizer.json, which are written for the Oniguruma engine in its Ruby syntax:
 * classes follow Unicode, ^ and $ match at every line, and only \n ends one. What means something
 * else to Java is spelled in Java's way; what Java cannot do is refused.
 */
final class Oniguruma {
    /** \w has no joiners here, but Latin-1's small digits and fractions. */
    private static final String WORD =
            "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE";

    private final String regex;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private Oniguruma(String regex) {
        this.regex = regex;
    }

    static Pattern compile(String regex) {
        try {
            return Pattern.compile(
                    new Oniguruma(regex).translated(),
                    Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw new TokenizerException(
                    "tokenizer.json: pattern %s is not supported: %s; use a tokenizer without it"
                            .formatted(
                                    Json.brief(Json.MAPPER.valueToTree(regex)), e.getDescription()),
                    e);
        }
    }

    private String translated() {
        int depth = 0;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == '\\' && at + 1 < regex.length()) {
                escape(depth > 0);
            } else if (c == '[' && regex.startsWith("[:", at) && depth > 0) {
                posix();
            } else if (c == '(' && depth == 0) {
                group();
            } else {
                depth += c == '[' ? 1 : c == ']' && depth > 0 ? -1 : 0;
                out.append(c);
                at++;
                // A bracket that closes nothing is itself, in both.
                if (c == '[' && at < regex.length() && regex.charAt(at) == '^') {
                    out.append('^');
                    at++;
                }
            }
        }
        return out.toString();
    }

    private void escape(boolean inClass) {
        char c = regex.charAt(at + 1);
        at += 2;
        switch (c) {
            case 'w' -> out.append(inClass ? WORD : "[" + WORD + "]");
            case 'W' -> out.append("[^").append(WORD).append(']');
            case 'h' -> out.append("[0-9a-fA-F]");
            case 'H' -> out.append("[^0-9a-fA-F]");
            case 'p', 'P' -> property(c);
            case 'Z', 'A', 'z', 'b', 'B', 'R', 'X', 's', 'S', 'd', 'D', 'G' ->
                    out.append('\\').append(c);
            case 't', 'n', 'r', 'f', 'e', 'a' -> out.append('\\').append(c);
            case 'v' -> out.append("\\x0B");
            case 'x', 'u' -> out.append('\\').append(c);
            case 'k', 'g', 'K', 'y', 'Y', 'N', 'O', 'C', 'M', 'c', 'o', 'Q', 'E' ->
                    throw Json.unsupported("in a pattern", "\\" + c);
            default -> {
                if (Character.isLetter(c)) {
                    out.append(c); // an escaped letter without a meaning is itself
                } else {
                    out.append('\\').append(c);
                }
            }
        }
    }

    /** {@code \p{^L}} is the opposite; scripts are named without {@code Is}. */
    private void property(char p) {
        int close = regex.indexOf('}', at);
        if (at >= regex.length() || regex.charAt(at) != '{' || close < 0) {
            throw Json.unsupported("in a pattern", "\\" + p);
        }
        String name = regex.substring(at + 1, close);
        at = close + 1;
        boolean not = name.startsWith("^") != (p == 'P');
        String plain = name.replace("^", "").replace("_", "").replace(" ", "").replace("-", "");
        out.append(not ? "\\P{" : "\\p{").append(javaName(plain)).append('}');
    }

    private static String javaName(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "letter" -> "L";
            case "mark", "combiningmark" -> "M";
            case "number" -> "N";
            case "punctuation" -> "P";
            case "symbol" -> "S";
            case "separator" -> "Z";
            case "other" -> "C";
            case "alpha", "alphabetic" -> "IsAlphabetic";
            case "upper", "uppercase" -> "IsUppercase";
            case "lower", "lowercase" -> "IsLowercase";
            case "space", "whitespace" -> "IsWhite_Space";
            case "digit" -> "Nd";
            case "punct" -> "P";
            case "emoji" -> "IsEmoji";
            default -> name.length() <= 2 ? name : "Is" + name;
        };
    }

    private void posix() {
        int close = regex.indexOf(":]", at);
        if (close < 0) {
            throw Json.unsupported("in a pattern", "[:");
        }
        String name = regex.substring(at + 2, close);
        boolean not = name.startsWith("^");
        String set =
                switch (not ? name.substring(1) : name) {
                    case "alpha" -> "\\p{IsAlphabetic}";
                    case "digit" -> "\\p{Nd}";
                    case "alnum" -> "\\p{IsAlphabetic}\\p{Nd}";
                    case "space" -> "\\s";
                    case "upper" -> "\\p{IsUppercase}";
                    case "lower" -> "\\p{IsLowercase}";
                    case "punct" -> "\\p{P}$+<=>^`|~";
                    case "xdigit" -> "0-9a-fA-F";
                    case "word" -> WORD;
                    case String other -> throw Json.unsupported("in a pattern", "[:" + other);
                };
        out.append(not ? "[^" : "[").append(set).append(']');
        at = close + 2;
    }

    /** Options of Ruby that are others in Java: m is its dot for every character. */
    private void group() {
        out.append('(');
        at++;
        if (!regex.startsWith("?", at)) {
            return;
        }
        int end = at + 1;
        while (end < regex.length() && "imx-".indexOf(regex.charAt(end)) >= 0) {
            end++;
        }
        boolean options =
                end > at + 1
                        && end < regex.length()
                        && (regex.charAt(end) == ':' || regex.charAt(end) == ')');
        if (options) {
            if (regex.substring(at, end).contains("x")) {
                throw Json.unsupported("in a pattern", "(?x)");
            }
            out.append(regex.substring(at, end).replace('m', 's'));
            at = end;
        } else if (regex.startsWith("?~", at) || regex.startsWith("?(", at)) {
            throw Json.unsupported("in a pattern", "(" + regex.substring(at, at + 2));
        }
    }
}
