package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/** What is done to the tokens at the end: the block {@code post_processor} of tokenizer.json. */
sealed interface PostProcessor
        permits PostProcessor.Around, PostProcessor.Chain, PostProcessor.None, TrimSpaces {
    /** The tokens to return, given those of a text of {@code length} chars. */
    TokenBuffer apply(
            TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names);

    /** How many tokens this adds where special tokens are wanted. */
    int added();

    /** Nothing. */
    record None() implements PostProcessor {
        @Override
        public TokenBuffer apply(
                TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names) {
            return tokens;
        }

        @Override
        public int added() {
            return 0;
        }
    }

    /** One after the other. */
    record Chain(List<PostProcessor> parts) implements PostProcessor {
        @Override
        public TokenBuffer apply(
                TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names) {
            TokenBuffer result = tokens;
            for (PostProcessor part : parts) {
                result = part.apply(result, length, addSpecial, names);
            }
            return result;
        }

        @Override
        public int added() {
            return parts.stream().mapToInt(PostProcessor::added).sum();
        }
    }

    /** Tokens before and after those of the text. */
    record Around(List<Integer> before, List<Integer> after) implements PostProcessor {
        @Override
        public TokenBuffer apply(
                TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names) {
            if (!addSpecial) {
                return tokens;
            }
            TokenBuffer result = new TokenBuffer(tokens.size() + added());
            before.forEach(id -> result.add(id, 0, 0));
            result.addAll(tokens);
            after.forEach(id -> result.add(id, length, length));
            return result;
        }

        @Override
        public int added() {
            return before.size() + after.size();
        }
    }

    static PostProcessor parse(JsonNode block) {
        if (block.isNull() || block.isMissingNode()) {
            return new None();
        }
        return switch (Json.type(block)) {
            case "ByteLevel" ->
                    Json.flag(block, "trim_offsets", true)
                            ? new TrimSpaces(Json.flag(block, "add_prefix_space", true))
                            : new None();
            case "TemplateProcessing" -> template(block);
            case "BertProcessing" -> pair(block);
            case "RobertaProcessing" ->
                    Json.flag(block, "trim_offsets", true)
                            ? new Chain(
                                    List.of(
                                            new TrimSpaces(
                                                    Json.flag(block, "add_prefix_space", true)),
                                            pair(block)))
                            : pair(block);
            case "Sequence" -> {
                List<PostProcessor> parts = new ArrayList<>();
                Json.list(block, "processors").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("post_processor", other);
        };
    }

    private static Around pair(JsonNode block) {
        return new Around(List.of(namedId(block, "cls")), List.of(namedId(block, "sep")));
    }

    private static int namedId(JsonNode block, String key) {
        JsonNode pair = Json.list(block, key);
        JsonNode id = pair.size() == 2 ? pair.get(1) : block.path("");
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
            throw Json.expected(key, "a token and its id", block, pair);
        }
        return id.intValue();
    }

    private static PostProcessor template(JsonNode block) {
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        boolean seen = false;
        for (JsonNode item : Json.list(block, "single")) {
            if (item.has("Sequence") && !seen) {
                seen = true;
            } else if (item.has("SpecialToken")) {
                String name = Json.text(item.path("SpecialToken"), "id");
                JsonNode ids = block.path("special_tokens").path(name).path("ids");
                if (ids.isEmpty()) {
                    throw new TokenizerException(
                            "tokenizer.json: expected the ids of '%s' in the template, got none; is the file complete?"
                                    .formatted(name));
                }
                List<Integer> side = seen ? after : before;
                for (JsonNode id : ids) {
                    if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                        throw Json.expected("ids of '" + name + "'", "whole numbers", block, id);
                    }
                    side.add(id.intValue());
                }
            } else {
                throw Json.unsupported("template item", Json.brief(item));
            }
        }
        if (!seen) {
            throw Json.unsupported("template", "without a sequence");
        }
        return new Around(before, after);
    }
}
