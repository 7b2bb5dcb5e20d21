package org.lugha.models.tokenizer;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is done to text before it is split: the block {@code normalizer} of tokenizer.json. */
sealed interface Normalizer
        permits BertNormalizer,
                CharFilter,
                Lowercase,
                Normalizer.Bytes,
                Normalizer.Chain,
                Normalizer.None,
                Normalizer.Prepend,
                Precompiled,
                Replace,
                SentencePieceNormalizer,
                StripSpaces,
                UnicodeForm {
    Aligned apply(Aligned text);

    /** Leaves text as it is. */
    record None() implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return text;
        }
    }

    /** Text before the text, if there is any. */
    record Prepend(String prefix) implements Normalizer {
        @Override
        public Aligned apply(Aligned in) {
            if (in.length() == 0 || prefix.isEmpty()) {
                return in;
            }
            // The prefix has the range of the character that it goes before.
            Aligned.Builder out = new Aligned.Builder(in);
            int first = in.codePointAt(0);
            int[] added = prefix.codePoints().toArray();
            out.replace(added[0]);
            for (int i = 1; i < added.length; i++) {
                out.insert(added[i]);
            }
            out.insert(first);
            out.copyTo(in.length());
            return out.build();
        }
    }

    /** UTF-8 bytes in the {@link ByteAlphabet}. */
    record Bytes() implements Normalizer {
        @Override
        public Aligned apply(Aligned in) {
            return ByteAlphabet.spell(in);
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
            case "NFC" -> new UnicodeForm(Form.NFC);
            case "NFD" -> new UnicodeForm(Form.NFD);
            case "NFKC" -> new UnicodeForm(Form.NFKC);
            case "NFKD" -> new UnicodeForm(Form.NFKD);
            case "Lowercase" -> new Lowercase();
            case "Strip" ->
                    new StripSpaces(
                            Json.needFlag(block, "strip_left"),
                            Json.needFlag(block, "strip_right"));
            case "StripAccents" -> CharFilter.ACCENTS;
            case "Nmt" -> CharFilter.NMT;
            case "Replace" -> Replace.parse(block);
            case "Prepend" -> new Prepend(Json.text(block, "prepend"));
            case "BertNormalizer", "Bert" -> BertNormalizer.parse(block);
            case "Precompiled" -> Precompiled.parse(block);
            case "ByteLevel" -> new Bytes();
            case "Sequence" -> {
                List<Normalizer> parts = new ArrayList<>();
                Json.list(block, "normalizers").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("normalizer", other);
        };
    }
}
