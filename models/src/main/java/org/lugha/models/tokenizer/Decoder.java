package org.lugha.models.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How tokens become text again: the block {@code decoder} of tokenizer.json. */
sealed interface Decoder
        permits Decoder.Bytes,
                Decoder.Chain,
                Decoder.Fuse,
                Decoder.Spaces,
                Decoder.Strip,
                Decoder.Suffix,
                DecodeBytes,
                DecodeWords,
                Metaspace,
                Replace,
                SentencePieceDecoder {
    /** Parts that make the text when put together. */
    List<String> apply(List<String> tokens);

    /**
     * Whether the text of a token depends on its neighbours alone, and on whether a text begins
     * there, so that a text can be decoded part by part.
     */
    default boolean isLocal() {
        return switch (this) {
            case SentencePieceDecoder s -> s.undo() instanceof Normalizer.None;
            case Chain c -> {
                boolean whole = false;
                boolean local = true;
                for (Decoder part : c.parts) {
                    boolean begin = part instanceof Fuse || part instanceof Strip s && s.stop == 0;
                    local &= part.isLocal() && (begin || !whole);
                    whole |= !(part instanceof Replace || part instanceof DecodeBytes);
                }
                yield local;
            }
            default -> true;
        };
    }

    /** Without a decoder there is a space between any two tokens. */
    record Spaces() implements Decoder {
        @Override
        public List<String> apply(List<String> tokens) {
            return List.of(String.join(" ", tokens));
        }
    }

    /** The bytes that the chars stand for, read as UTF-8; what is not becomes U+FFFD. */
    record Bytes() implements Decoder {
        @Override
        public List<String> apply(List<String> tokens) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String token : tokens) {
                if (token.chars().allMatch(c -> ByteAlphabet.toByte((char) c) >= 0)) {
                    token.chars().forEach(c -> bytes.write(ByteAlphabet.toByte((char) c)));
                } else {
                    bytes.writeBytes(token.getBytes(StandardCharsets.UTF_8));
                }
            }
            return List.of(bytes.toString(StandardCharsets.UTF_8));
        }
    }

    /** All parts as one. */
    record Fuse() implements Decoder {
        @Override
        public List<String> apply(List<String> tokens) {
            return List.of(String.join("", tokens));
        }
    }

    /** Takes a character off the ends of every part, so many times at most. */
    record Strip(int content, int start, int stop) implements Decoder {
        @Override
        public List<String> apply(List<String> tokens) {
            List<String> out = new ArrayList<>(tokens.size());
            for (String token : tokens) {
                int[] chars = token.codePoints().toArray();
                int from = 0;
                while (from < Math.min(start, chars.length) && chars[from] == content) {
                    from++;
                }
                int to = chars.length;
                while (to > Math.max(from, chars.length - (long) stop)
                        && chars[to - 1] == content) {
                    to--;
                }
                out.add(new String(chars, from, to - from));
            }
            return out;
        }
    }

    /** The suffix that marks the end of a word as a space, and as nothing at the end. */
    record Suffix(String suffix) implements Decoder {
        @Override
        public List<String> apply(List<String> tokens) {
            List<String> out = new ArrayList<>(tokens.size());
            for (String token : tokens) {
                String end = out.size() == tokens.size() - 1 ? "" : " ";
                out.add(suffix.isEmpty() ? token : token.replace(suffix, end));
            }
            return out;
        }
    }

    /** One after the other. */
    record Chain(List<Decoder> parts) implements Decoder {
        @Override
        public List<String> apply(List<String> tokens) {
            List<String> result = tokens;
            for (Decoder part : parts) {
                result = part.apply(result);
            }
            return result;
        }
    }

    static Decoder parse(JsonNode block) {
        if (block.isNull() || block.isMissingNode()) {
            return new Spaces();
        }
        return switch (Json.type(block)) {
            case "ByteLevel" -> new Bytes();
            case "Fuse" -> new Fuse();
            case "ByteFallback" -> new DecodeBytes();
            case "Metaspace" -> Metaspace.parse(block);
            case "Replace" -> Replace.parse(block);
            case "WordPiece" ->
                    new DecodeWords.Pieces(
                            Json.text(block, "prefix"), Json.needFlag(block, "cleanup"));
            case "CTC" ->
                    new DecodeWords.Ctc(
                            Json.text(block, "pad_token"),
                            Json.text(block, "word_delimiter_token"),
                            Json.needFlag(block, "cleanup"));
            case "BPEDecoder" -> new Suffix(Json.text(block, "suffix"));
            case "Strip" -> {
                String content = Json.text(block, "content");
                if (content.codePointCount(0, content.length()) != 1) {
                    throw Json.unsupported("content of Strip", content);
                }
                yield new Strip(
                        content.codePointAt(0),
                        Json.number(block, "start"),
                        Json.number(block, "stop"));
            }
            case "Sequence" -> {
                List<Decoder> parts = new ArrayList<>();
                Json.list(block, "decoders").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("decoder", other);
        };
    }
}
