package org.lugha.models.tokenizer;

/** Without white space at the ends. */
record StripSpaces(boolean left, boolean right) implements Normalizer {
    @Override
    public Aligned apply(Aligned in) {
        int from = 0;
        int to = in.length();
        while (left && from < to && Characters.isSpace(in.charAt(from))) {
            from++;
        }
        while (right && to > from && Characters.isSpace(in.charAt(to - 1))) {
            to--;
        }
        return in.slice(from, to);
    }
}
