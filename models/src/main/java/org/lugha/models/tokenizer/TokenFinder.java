package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds added tokens in text: the leftmost, and of several there the longest. */
final class TokenFinder {
    private static final int UNICODE = Pattern.UNICODE_CHARACTER_CLASS;
    private static final Pattern WORD = Pattern.compile("\\w", UNICODE);
    private static final Pattern SPACES = Pattern.compile("\\s*", UNICODE);
    private static final Pattern SPACE = Pattern.compile("\\s", UNICODE);

    /** A part of the text; token is null for text between tokens. */
    record Found(AddedToken token, int from, int to) {}

    private record Candidate(String content, AddedToken token) {}

    private final Map<Character, List<Candidate>> byFirst = new HashMap<>();

    /** Tokens with the text to look for, which is the content or its normalized form. */
    TokenFinder(Map<AddedToken, String> tokens) {
        tokens.forEach((token, content) -> {
            if (!content.isEmpty()) {
                byFirst.computeIfAbsent(content.charAt(0), _ -> new ArrayList<>())
                        .add(new Candidate(content, token));
            }
        });
        byFirst.values()
                .forEach(list ->
                        list.sort(Comparator.comparingInt((Candidate c) -> -c.content.length())));
    }

    List<Found> find(String text) {
        List<Found> found = new ArrayList<>();
        int done = 0;
        for (int i = 0; i < text.length() && !byFirst.isEmpty(); ) {
            Candidate c = at(text, i);
            if (c == null) {
                i++;
                continue;
            }
            int end = i + c.content.length();
            if (!c.token.singleWord() || standsAlone(text, i, end)) {
                int from = c.token.leftStrip() ? Math.max(spaceBefore(text, i), done) : i;
                int to = c.token.rightStrip() ? spaceAfter(text, end) : end;
                if (from > done) {
                    found.add(new Found(null, done, from));
                }
                found.add(new Found(c.token, from, to));
                done = to;
            }
            i = Math.max(end, done);
        }
        if (done < text.length()) {
            found.add(new Found(null, done, text.length()));
        }
        return found;
    }

    private Candidate at(String text, int i) {
        for (Candidate c : byFirst.getOrDefault(text.charAt(i), List.of())) {
            if (text.startsWith(c.content, i)) {
                return c;
            }
        }
        return null;
    }

    private static boolean standsAlone(String text, int from, int to) {
        return !(from > 0 && is(WORD, text.codePointBefore(from)))
                && !(to < text.length() && is(WORD, text.codePointAt(to)));
    }

    private static int spaceBefore(String text, int at) {
        int i = at;
        while (i > 0 && is(SPACE, text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static int spaceAfter(String text, int at) {
        Matcher m = SPACES.matcher(text).region(at, text.length());
        return m.lookingAt() ? m.end() : at;
    }

    private static boolean is(Pattern kind, int c) {
        return kind.matcher(Character.toString(c)).matches();
    }
}
