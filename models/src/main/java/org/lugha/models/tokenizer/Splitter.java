package org.lugha.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How text is cut before the model sees it: the block {@code pre_tokenizer}. */
sealed interface Splitter permits Splitter.None, Splitter.Bytes, Splitter.Chain, RegexSplit {
    /** Hands on the pieces in their order, none of them empty. */
    void split(Aligned text, Consumer<Aligned> out);

    /** One piece. */
    record None() implements Splitter {
        @Override
        public void split(Aligned text, Consumer<Aligned> out) {
            out.accept(text);
        }
    }

    /** One after the other, each on the pieces of the one before. */
    record Chain(List<Splitter> parts) implements Splitter {
        @Override
        public void split(Aligned text, Consumer<Aligned> out) {
            split(text, 0, out);
        }

        private void split(Aligned text, int part, Consumer<Aligned> out) {
            if (part == parts.size()) {
                out.accept(text);
            } else {
                parts.get(part).split(text, piece -> split(piece, part + 1, out));
            }
        }
    }

    /** UTF-8 bytes in the {@link ByteAlphabet}, after GPT-2's cut into words if it is given. */
    record Bytes(boolean addPrefixSpace, RegexSplit words) implements Splitter {
        @Override
        public void split(Aligned text, Consumer<Aligned> out) {
            Aligned spaced = addPrefixSpace ? withSpace(text) : text;
            if (words == null) {
                out.accept(bytes(spaced));
            } else {
                words.split(spaced, piece -> out.accept(bytes(piece)));
            }
        }

        private static Aligned withSpace(Aligned in) {
            if (in.text().startsWith(" ")) {
                return in;
            }
            // The space has the range of the character that it goes before.
            Aligned.Builder out = new Aligned.Builder(in);
            out.add(' ', 0, Character.charCount(in.text().codePointAt(0)));
            for (int i = 0; i < in.text().length(); i++) {
                out.add(in.text().charAt(i), i, i + 1);
            }
            return out.build();
        }

        private static Aligned bytes(Aligned in) {
            String text = in.text();
            char[] mapped = new char[text.length()];
            for (int i = 0; i < mapped.length; i++) {
                char c = text.charAt(i);
                if (c >= 0x80) {
                    return widen(in);
                }
                mapped[i] = ByteAlphabet.toChar(c);
            }
            return in.replaced(new String(mapped));
        }

        private static Aligned widen(Aligned in) {
            String text = in.text();
            Aligned.Builder out = new Aligned.Builder(in);
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                int next = i + Character.charCount(c);
                for (byte b : utf8(c)) {
                    out.add(ByteAlphabet.toChar(b), i, next);
                }
                i = next;
            }
            return out.build();
        }

        /** Half a surrogate pair has no UTF-8: it becomes U+FFFD. */
        private static byte[] utf8(int c) {
            boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            return Character.toString(half ? 0xFFFD : c).getBytes(StandardCharsets.UTF_8);
        }
    }

    static Splitter parse(JsonNode block) {
        if (block.isNull() || block.isMissingNode()) {
            return new None();
        }
        return switch (Json.type(block)) {
            case "ByteLevel" ->
                    new Bytes(
                            Json.flag(block, "add_prefix_space", true),
                            Json.flag(block, "use_regex", true) ? RegexSplit.GPT2 : null);
            case "Split" -> RegexSplit.parse(block);
            case "Digits" ->
                    new RegexSplit(
                            Pattern.compile("\\p{N}"),
                            Json.flag(block, "individual_digits", false)
                                    ? RegexSplit.Behavior.Isolated
                                    : RegexSplit.Behavior.Contiguous,
                            false);
            case "Sequence" -> {
                List<Splitter> parts = new ArrayList<>();
                block.path("pretokenizers").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("pre_tokenizer", other);
        };
    }
}
