package org.lugha.models.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * SentencePiece's own normalizer: at every place the longest rule of the charsmap; runs of spaces
 * as one; a space before (or after) the text; spaces as U+2581.
 */
final class SentencePieceNormalizer implements Normalizer {
    private static final int WINDOW = 48; // chars; no rule reaches as far

    private final SentencePieceModel.Rules rules;
    private final boolean suffix;
    private final SentencePieces own;
    private final byte[] begins = new byte[1 << 16];

    /**
     * @param suffix whether the dummy space comes after the text
     * @param own whose user defined pieces are left as they are, or null
     */
    SentencePieceNormalizer(SentencePieceModel.Rules rules, boolean suffix, SentencePieces own) {
        this.rules = rules;
        this.suffix = suffix;
        this.own = own;
    }

    @Override
    public Aligned apply(Aligned in) {
        String text = in.text();
        int n = text.length();
        int at = 0;
        if (rules.removeExtraSpaces()) {
            Step step = at < n ? step(text, at) : null;
            while (step != null && step.made.equals(" ")) {
                at = step.end;
                step = at < n ? step(text, at) : null;
            }
        }
        if (at == n) {
            return in.slice(n, n);
        }
        return new Pass(in, text, at).run();
    }

    /** What the characters up to a place become. */
    private record Step(String made, int end) {}

    private final class Pass {
        private final String text;
        private final Aligned.Builder out;
        private final char space = rules.escapeSpaces() ? Algorithm.SPACE : ' ';
        private int at;

        Pass(Aligned in, String text, int from) {
            this.text = text;
            this.out = new Aligned.Builder(in);
            this.at = from;
        }

        Aligned run() {
            if (!suffix && rules.addDummyPrefix()) {
                out.span(space, at, at);
            }
            boolean afterSpace = rules.removeExtraSpaces();
            while (at < text.length()) {
                Step step = step(text, at);
                afterSpace = write(step, afterSpace) && rules.removeExtraSpaces();
                at = step.end;
            }
            if (rules.removeExtraSpaces()) {
                out.dropLast(space);
            }
            if (suffix && rules.addDummyPrefix()) {
                out.span(space, at, at);
            }
            return out.build();
        }

        /** Says whether what was written ends in a space. */
        private boolean write(Step step, boolean afterSpace) {
            String made = step.made;
            int from = 0;
            while (afterSpace && from < made.length() && made.charAt(from) == ' ') {
                from++;
            }
            if (from == made.length()) {
                return afterSpace;
            }
            for (int i = from; i < made.length(); ) {
                int c = made.codePointAt(i);
                out.span(c == ' ' ? space : c, at, step.end);
                i += Character.charCount(c);
            }
            return made.endsWith(" ");
        }
    }

    private Step step(String text, int at) {
        int ownEnd = own == null ? at : own.own(text, at);
        if (ownEnd > at) {
            return new Step(text.substring(at, ownEnd), ownEnd);
        }
        if (rules.charsmap() != null && mayBegin(text.charAt(at))) {
            int to = Math.min(text.length(), at + WINDOW);
            byte[] bytes = text.substring(at, to).getBytes(StandardCharsets.UTF_8);
            Charsmap.Rule rule = rules.charsmap().find(bytes, 0, bytes.length, true);
            if (rule != null) {
                int chars = new String(bytes, 0, rule.length(), StandardCharsets.UTF_8).length();
                return new Step(rules.charsmap().text(rule), at + chars);
            }
        }
        int end = at + Character.charCount(text.codePointAt(at));
        return new Step(text.substring(at, end), end);
    }

    /** Whether a rule begins with a char, as far as its bytes tell. */
    private boolean mayBegin(char c) {
        if (begins[c] == 0) {
            boolean may =
                    Character.isSurrogate(c)
                            || rules.charsmap()
                                    .begins(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            begins[c] = (byte) (may ? 1 : 2);
        }
        return begins[c] == 1;
    }
}
