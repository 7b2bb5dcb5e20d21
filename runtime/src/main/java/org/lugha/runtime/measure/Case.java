package org.lugha.runtime.measure;

import java.util.Arrays;
import java.util.List;

/**
 * One piece of work by name: a family, sizes, and words that say more. {@code gemm 512x896x128 NT
 * beta1} is the family {@code gemm}, three sizes and two words.
 */
public record Case(String family, List<Integer> sizes, List<String> words) {

    public Case {
        sizes = List.copyOf(sizes);
        words = List.copyOf(words);
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when there is no family or a size is no positive number
     */
    public static Case of(String text) {
        String[] parts = text.strip().split("\\s+", -1);
        if (parts.length < 2) {
            throw new IllegalArgumentException(
                    "case '" + text + "': expected a family and sizes, as in gemm 512x896x128 NT");
        }
        List<Integer> sizes =
                Arrays.stream(parts[1].split("x", -1)).map(s -> size(s, text)).toList();
        return new Case(parts[0], sizes, Arrays.asList(parts).subList(2, parts.length));
    }

    private static int size(String s, String text) {
        try {
            int n = Integer.parseInt(s);
            if (n > 0) {
                return n;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException(
                "case '" + text + "': sizes are positive numbers joined by x, got '" + s + "'");
    }

    /** The sizes, when there are as many as the family takes. */
    int[] sizes(String form) {
        if (sizes.size() != form.chars().filter(c -> c == 'x').count() + 1) {
            throw new IllegalArgumentException("case '" + this + "': expected sizes " + form);
        }
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    boolean has(String word) {
        return words.contains(word);
    }

    /** The number behind a word, as 8 in {@code window8}. */
    int number(String word, int otherwise) {
        return words.stream()
                .filter(w -> w.matches(word + "\\d+"))
                .mapToInt(w -> Integer.parseInt(w.substring(word.length())))
                .findFirst()
                .orElse(otherwise);
    }

    /** Refuses words that mean nothing here. */
    void allow(String... patterns) {
        for (String w : words) {
            if (Arrays.stream(patterns).noneMatch(w::matches)) {
                throw new IllegalArgumentException(
                        "case '"
                                + this
                                + "': '"
                                + w
                                + "' is not known; there are "
                                + String.join(", ", patterns).replace("\\d+", "N"));
            }
        }
    }

    @Override
    public String toString() {
        String shape = String.join("x", sizes.stream().map(String::valueOf).toList());
        return family + " " + shape + (words.isEmpty() ? "" : " " + String.join(" ", words));
    }
}
