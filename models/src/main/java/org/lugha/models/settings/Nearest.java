package org.lugha.models.settings;

import java.util.Collection;
import java.util.Comparator;

/** The known word nearest to a mistyped one, by Levenshtein distance. */
public final class Nearest {
    private Nearest() {}

    public static String of(String word, Collection<String> known) {
        return known.stream().min(Comparator.comparingInt(k -> distance(word, k))).orElse(word);
    }

    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
