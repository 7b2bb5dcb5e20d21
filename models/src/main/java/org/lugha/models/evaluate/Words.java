package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Text as Python's str methods see it, and n-grams. */
final class Words {
    private Words() {}

    static void requirePairs(
            String metric, List<String> hypotheses, List<List<String>> references) {
        int[] lines = references.stream().mapToInt(List::size).toArray();
        int n = hypotheses.size();
        boolean same = Arrays.stream(lines).allMatch(l -> l == n);
        if (!same || lines.length == 0 || n == 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected one reference for each hypothesis and at least one, got %d hypotheses and %s references; check the files",
                            metric,
                            n,
                            lines.length == 0 ? "no" : joined(lines)));
        }
    }

    private static String joined(int[] lines) {
        return String.join(", ", Arrays.stream(lines).mapToObj(Integer::toString).toList());
    }

    /** In sacrebleu's notation, with the version whose values these are. */
    static String signature(int references, boolean lowercase, String more) {
        return "nrefs:"
                + references
                + "|case:"
                + (lowercase ? "lc" : "mixed")
                + "|"
                + more
                + "|version:2.6.0";
    }

    /** Python's str.lower(). */
    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Python's str.isspace, which is neither of Java's two definitions. */
    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13) || (c >= 28 && c <= 32) || c == 0x85 || Character.isSpaceChar(c);
    }

    /** Python's str.split(). */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || isSpace(text.charAt(i));
            if (space && from >= 0) {
                words.add(text.substring(from, i));
                from = -1;
            } else if (!space && from < 0) {
                from = i;
            }
        }
        return words;
    }

    /** Python's str.rstrip(). */
    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Python's str.strip(). */
    static String strip(String text) {
        int from = 0;
        while (from < text.length() && isSpace(text.charAt(from))) {
            from++;
        }
        return stripEnd(text.substring(from));
    }

    /** How often each run of n words occurs; words have no spaces in them. */
    static Map<String, Integer> grams(List<String> words, int n) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= words.size(); i++) {
            counts.merge(String.join(" ", words.subList(i, i + n)), 1, Integer::sum);
        }
        return counts;
    }

    /** How often each run of n code points occurs. */
    static Map<String, Integer> grams(int[] text, int n) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= text.length; i++) {
            counts.merge(new String(text, i, n), 1, Integer::sum);
        }
        return counts;
    }

    static long total(Map<String, Integer> counts) {
        return counts.values().stream().mapToLong(c -> c).sum();
    }

    /** Occurrences that both have. */
    static long matches(Map<String, Integer> a, Map<String, Integer> b) {
        long n = 0;
        for (Map.Entry<String, Integer> e : a.entrySet()) {
            n += Math.min(e.getValue(), b.getOrDefault(e.getKey(), 0));
        }
        return n;
    }
}
