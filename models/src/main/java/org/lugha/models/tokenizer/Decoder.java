package org.lugha.models.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How tokens become text again: the block {@code decoder} of tokenizer.json. */
sealed interface Decoder {
    /** Parts that make the text when put together. */
    List<String> apply(List<String> tokens);

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
            case "Sequence" -> {
                List<Decoder> parts = new ArrayList<>();
                block.path("decoders").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("decoder", other);
        };
    }
}
