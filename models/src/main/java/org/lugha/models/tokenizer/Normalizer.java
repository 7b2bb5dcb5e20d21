package org.lugha.models.tokenizer;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What is done to text before it is split: the block {@code normalizer} of tokenizer.json. */
sealed interface Normalizer {
    Aligned apply(Aligned text);

    /** Leaves text as it is. */
    record None() implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return text;
        }
    }

    /** One of Unicode's normalization forms. */
    record Unicode(Form form) implements Normalizer {
        @Override
        public Aligned apply(Aligned in) {
            String text = in.text();
            if (java.text.Normalizer.isNormalized(text, form)) {
                return in;
            }
            Aligned.Builder out = new Aligned.Builder(in);
            for (int from = 0; from < text.length(); ) {
                int to = from + Character.charCount(text.codePointAt(from));
                while (to < text.length() && joins(text.codePointAt(to))) {
                    to += Character.charCount(text.codePointAt(to));
                }
                out.add(java.text.Normalizer.normalize(text.substring(from, to), form), from, to);
                from = to;
            }
            return out.build();
        }

        /** Whether a character may change together with the one before it. */
        private static boolean joins(int c) {
            if (c < 0x300) {
                return false;
            }
            String apart = java.text.Normalizer.normalize(Character.toString(c), Form.NFKD);
            int first = apart.codePointAt(0);
            return switch (Character.getType(first)) {
                case Character.NON_SPACING_MARK,
                        Character.COMBINING_SPACING_MARK,
                        Character.ENCLOSING_MARK ->
                        true;
                // Vowels and finals of Hangul, and Kirat Rai's vowel signs, are letters that join.
                default ->
                        (first >= 0x1160 && first <= 0x11FF)
                                || (first >= 0x16D63 && first <= 0x16D6A);
            };
        }
    }

    /** Lower case, character by character. */
    record Lowercase() implements Normalizer {
        @Override
        public Aligned apply(Aligned in) {
            String text = in.text();
            Aligned.Builder out = new Aligned.Builder(in);
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                int next = i + Character.charCount(c);
                out.add(Character.toString(c).toLowerCase(Locale.ROOT), i, next);
                i = next;
            }
            return out.build();
        }
    }

    /** One after the other. */
    record Chain(List<Normalizer> parts) implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            Aligned result = text;
            for (Normalizer part : parts) {
                result = part.apply(result);
            }
            return result;
        }
    }

    static Normalizer parse(JsonNode block) {
        if (block.isNull() || block.isMissingNode()) {
            return new None();
        }
        return switch (Json.type(block)) {
            case "NFC" -> new Unicode(Form.NFC);
            case "NFD" -> new Unicode(Form.NFD);
            case "NFKC" -> new Unicode(Form.NFKC);
            case "NFKD" -> new Unicode(Form.NFKD);
            case "Lowercase" -> new Lowercase();
            case "Sequence" -> {
                List<Normalizer> parts = new ArrayList<>();
                block.path("normalizers").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("normalizer", other);
        };
    }
}
