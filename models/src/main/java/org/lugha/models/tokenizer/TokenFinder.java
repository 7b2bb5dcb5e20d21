package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds added tokens in text: the leftmost, and of several there the longest. */
final class TokenFinder {
    private static final Pattern WORD = Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS);

    /** Hears of the parts of a text in their order; token is null for text between tokens. */
    interface Parts {
        void part(AddedToken token, int from, int to);
    }

    private final List<AddedToken> tokens;
    private final Trie contents = new Trie();
    private final BitSet first = new BitSet();

    /** Tokens with the text to look for, which is the content or its normalized form. */
    TokenFinder(Map<AddedToken, String> wanted) {
        this.tokens = new ArrayList<>(wanted.keySet());
        for (int i = 0; i < tokens.size(); i++) {
            String content = wanted.get(tokens.get(i));
            if (!content.isEmpty()) {
                contents.put(content, i);
                first.set(content.charAt(0));
            }
        }
    }

    void find(Aligned text, Parts out) {
        int done = 0;
        int n = text.length();
        for (int i = first.isEmpty() ? n : 0; i < n; i++) {
            int end = first.get(text.charAt(i)) ? longest(text, i) : i;
            if (end == i) {
                continue;
            }
            AddedToken token = tokens.get(found(text, i, end));
            if (!token.singleWord() || standsAlone(text, i, end)) {
                int from = token.leftStrip() ? Math.max(spaceBefore(text, i), done) : i;
                int to = token.rightStrip() ? spaceAfter(text, end) : end;
                if (from > done) {
                    out.part(null, done, from);
                }
                out.part(token, from, to);
                done = to;
            }
            i = Math.max(end, done) - 1;
        }
        if (done < n) {
            out.part(null, done, n);
        }
    }

    private int longest(Aligned text, int from) {
        int end = from;
        int node = Trie.ROOT;
        for (int i = from; i < text.length(); ) {
            node = contents.step(node, text.charAt(i++));
            if (node == Trie.NONE) {
                break;
            }
            end = contents.value(node) == Trie.NONE ? end : i;
        }
        return end;
    }

    private int found(Aligned text, int from, int to) {
        int node = Trie.ROOT;
        for (int i = from; i < to; i++) {
            node = contents.step(node, text.charAt(i));
        }
        return contents.value(node);
    }

    private static boolean standsAlone(Aligned text, int from, int to) {
        return !(from > 0 && isWord(before(text, from)))
                && !(to < text.length() && isWord(text.codePointAt(to)));
    }

    private static int before(Aligned text, int at) {
        char low = text.charAt(at - 1);
        boolean pair =
                at > 1
                        && Character.isLowSurrogate(low)
                        && Character.isHighSurrogate(text.charAt(at - 2));
        return pair ? text.codePointAt(at - 2) : low;
    }

    private static int spaceBefore(Aligned text, int at) {
        int i = at;
        while (i > 0 && Characters.isSpace(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static int spaceAfter(Aligned text, int at) {
        int i = at;
        while (i < text.length() && Characters.isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isWord(int c) {
        return WORD.matcher(Character.toString(c)).matches();
    }
}
