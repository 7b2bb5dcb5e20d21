package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** How text is cut before the model sees it: the block {@code pre_tokenizer}. */
sealed interface Splitter
        permits CharSplit,
                Metaspace,
                RegexSplit,
                ScriptSplit,
                Splitter.Bytes,
                Splitter.Chain,
                Splitter.FixedLength,
                Splitter.None {
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
            Consumer<Aligned> next = out;
            for (Splitter part : parts.reversed()) {
                Consumer<Aligned> then = next;
                next = piece -> part.split(piece, then);
            }
            next.accept(text);
        }
    }

    /** So many characters a piece. */
    record FixedLength(int length) implements Splitter {
        @Override
        public void split(Aligned text, Consumer<Aligned> out) {
            int from = 0;
            int count = 0;
            for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
                if (count++ == length) {
                    out.accept(text.slice(from, i));
                    from = i;
                    count = 1;
                }
            }
            out.accept(text.slice(from, text.length()));
        }
    }

    /**
     * UTF-8 bytes in the {@link ByteAlphabet}, after GPT-2's cut into words if it is given. Where
     * nothing comes after, the bytes are left to the {@link WordCache}, word by word.
     */
    record Bytes(boolean addPrefixSpace, Splitter words, boolean spelled) implements Splitter {
        private static final Normalizer SPACE = new Normalizer.Prepend(" ");

        @Override
        public void split(Aligned text, Consumer<Aligned> out) {
            Aligned spaced = addPrefixSpace && text.charAt(0) != ' ' ? SPACE.apply(text) : text;
            words.split(spaced, spelled ? p -> out.accept(ByteAlphabet.spell(p)) : out);
        }
    }

    /** A splitter, and whether its pieces are still to be spelled in the byte alphabet. */
    record Parsed(Splitter splitter, boolean spell) {}

    /** The same with its last step apart, if that is the spelling of pieces as bytes. */
    static Parsed parseApart(JsonNode block) {
        Splitter all = parse(block);
        return switch (all) {
            case Bytes b -> new Parsed(new Bytes(b.addPrefixSpace, b.words, false), true);
            case Chain c when !c.parts.isEmpty() && c.parts.getLast() instanceof Bytes b -> {
                List<Splitter> parts = new ArrayList<>(c.parts);
                parts.set(parts.size() - 1, new Bytes(b.addPrefixSpace, b.words, false));
                yield new Parsed(new Chain(parts), true);
            }
            default -> new Parsed(all, false);
        };
    }

    static Splitter parse(JsonNode block) {
        if (block.isNull() || block.isMissingNode()) {
            return new None();
        }
        return switch (Json.type(block)) {
            case "ByteLevel" ->
                    new Bytes(
                            Json.flag(block, "add_prefix_space", true),
                            Json.flag(block, "use_regex", true) ? Words.GPT2 : new None(),
                            true);
            case "Split" -> RegexSplit.parse(block);
            case "Digits" -> CharSplit.digits(Json.flag(block, "individual_digits", false));
            case "Punctuation" ->
                    CharSplit.punctuation(
                            block.has("behavior") ? Behavior.parse(block) : Behavior.Isolated);
            case "WhitespaceSplit" -> CharSplit.SPACES;
            case "Whitespace" -> Words.AND_SIGNS;
            case "BertPreTokenizer" ->
                    new Chain(List.of(CharSplit.SPACES, CharSplit.punctuation(Behavior.Isolated)));
            case "Metaspace" -> Metaspace.parse(block);
            case "CharDelimiterSplit", "Delimiter" -> delimiter(Json.text(block, "delimiter"));
            case "UnicodeScripts" -> new ScriptSplit();
            case "FixedLength" -> new FixedLength(Json.count(block, "length", 5));
            case "Sequence" -> {
                List<Splitter> parts = new ArrayList<>();
                Json.list(block, "pretokenizers").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("pre_tokenizer", other);
        };
    }

    private static Splitter delimiter(String text) {
        if (text.codePointCount(0, text.length()) != 1) {
            throw Json.unsupported("delimiter", text);
        }
        int delimiter = text.codePointAt(0);
        return new CharSplit(c -> c == delimiter, Behavior.Removed);
    }
}
