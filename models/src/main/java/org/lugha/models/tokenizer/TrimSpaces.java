package org.lugha.models.tokenizer;

import java.util.function.IntFunction;

/** Takes white space at the ends of byte-level tokens out of their ranges. */
record TrimSpaces(boolean addPrefixSpace) implements PostProcessor {
    @Override
    public TokenBuffer apply(
            TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names) {
        for (int i = 0; i < tokens.size(); i++) {
            trim(tokens, i, names.apply(tokens.id(i)));
        }
        return tokens;
    }

    @Override
    public int added() {
        return 0;
    }

    private void trim(TokenBuffer tokens, int i, String token) {
        int leading = 0;
        while (leading < token.length() && isSpace(token.charAt(leading))) {
            leading++;
        }
        int trailing = 0;
        while (trailing < token.length() && isSpace(token.charAt(token.length() - 1 - trailing))) {
            trailing++;
        }
        int start = tokens.start(i);
        int end = tokens.end(i);
        if (leading > 0) {
            boolean added = addPrefixSpace && leading == 1 && (i == 0 || start == 0);
            start = added ? start : Math.min(start + leading, end);
        }
        if (trailing > 0 && end >= trailing) {
            // A space that was put before the text has the range of the text's first character.
            boolean onlyPrefix = token.length() == 1 && addPrefixSpace && start == 0;
            end = onlyPrefix ? start : Math.max(end - trailing, start);
        }
        tokens.range(i, start, end);
    }

    private static boolean isSpace(char c) {
        return c == ByteAlphabet.toChar(' ') || Characters.isSpace(c);
    }
}
