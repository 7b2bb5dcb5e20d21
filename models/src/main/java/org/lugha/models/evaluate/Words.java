package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Text as Python's str methods see it, and n-grams. */
final class Words {
    private Words() {}

    static void requirePairs(String metric, List<String> hypotheses, List<String> references) {
        if (hypotheses.size() != references.size() || hypotheses.isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected one reference for each hypothesis and at least one, got %d hypotheses and %d references; check the files",
                            metric,
                            hypotheses.size(),
                            references.size()));
        }
    }

    /** Python's str.isspace, which is neither of Java's two definitions. */
    static boolean isSpace(char c) {
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
