package org.lugha.models.peft;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.lugha.models.RequestException;

/** Regular expressions over modules' paths, as they come in adapters' files: none runs for ever. */
final class PathPattern {
    /** Far more characters than any sensible pattern looks at in a path. */
    private static final int PATIENCE = 200_000;

    private PathPattern() {}

    /** Throws unless this is a regular expression; {@code where} names the setting. */
    static void require(String where, String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw wrong(where, regex, e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw wrong(where, regex, "nested too deeply", e);
        }
    }

    /** Whether the whole path matches. */
    static boolean matches(String regex, String path) {
        try {
            return matcher(regex, path).matches();
        } catch (StackOverflowError e) {
            throw wrong("adapter", regex, "it recurs too deeply", e);
        }
    }

    /** Over a path that it may look at so many times. */
    static Matcher matcher(String regex, String path) {
        return Pattern.compile(regex).matcher(new Counted(path, new int[1]));
    }

    private static RequestException wrong(String where, String regex, String why, Throwable e) {
        String brief = regex.length() > 100 ? regex.substring(0, 100) + "..." : regex;
        return new RequestException(
                "%s: expected module names, all-linear or a regular expression, got '%s' (%s)"
                        .formatted(where, brief, why),
                e);
    }

    /** A path that may be looked at so many times. */
    @SuppressWarnings("ArrayRecordComponent") // one counter for all its parts
    private record Counted(String path, int[] looks) implements CharSequence {
        @Override
        public char charAt(int i) {
            if (++looks[0] > PATIENCE) {
                throw new RequestException(
                        "adapter: a regular expression for modules does not come to an end on '%s';"
                                        .formatted(path)
                                + " write it without repeats inside repeats, or list the names");
            }
            return path.charAt(i);
        }

        @Override
        public int length() {
            return path.length();
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Counted(path.substring(from, to), looks);
        }

        @Override
        public String toString() {
            return path;
        }
    }
}
