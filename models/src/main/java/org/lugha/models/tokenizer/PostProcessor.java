package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/** What is done to the tokens at the end: the block {@code post_processor} of tokenizer.json. */
sealed interface PostProcessor {
    /** The tokens to return, given those of a text of {@code length} chars. */
    TokenBuffer apply(
            TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names);

    /** Nothing. */
    record None() implements PostProcessor {
        @Override
        public TokenBuffer apply(
                TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names) {
            return tokens;
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
    }

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

        private void trim(TokenBuffer tokens, int i, String token) {
            int leading = 0;
            while (leading < token.length() && isSpace(token.charAt(leading))) {
                leading++;
            }
            int trailing = 0;
            while (trailing < token.length()
                    && isSpace(token.charAt(token.length() - 1 - trailing))) {
                trailing++;
            }
            int start = tokens.start(i);
            int end = tokens.end(i);
            if (leading > 0) {
                boolean prefixed = addPrefixSpace && (i == 0 || start == 0);
                start = Math.min(start + leading - (prefixed ? 1 : 0), end);
            }
            if (trailing > 0 && end >= trailing) {
                boolean onlyPrefix = token.length() == 1 && addPrefixSpace && start == 0;
                end = onlyPrefix ? start : Math.max(end - trailing, start);
            }
            tokens.range(i, start, end);
        }

        private static boolean isSpace(char c) {
            return c == ByteAlphabet.toChar(' ') || Character.isWhitespace(c);
        }
    }

    /** Tokens before and after those of the text. */
    record Template(List<Integer> before, List<Integer> after) implements PostProcessor {
        @Override
        public TokenBuffer apply(
                TokenBuffer tokens, int length, boolean addSpecial, IntFunction<String> names) {
            if (!addSpecial) {
                return tokens;
            }
            TokenBuffer result = new TokenBuffer();
            before.forEach(id -> result.add(id, 0, 0));
            result.addAll(tokens);
            after.forEach(id -> result.add(id, length, length));
            return result;
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
            case "Sequence" -> {
                List<PostProcessor> parts = new ArrayList<>();
                block.path("processors").forEach(part -> parts.add(parse(part)));
                yield new Chain(parts);
            }
            case String other -> throw Json.unsupported("post_processor", other);
        };
    }

    private static PostProcessor template(JsonNode block) {
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        boolean seen = false;
        for (JsonNode item : block.path("single")) {
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
                ids.forEach(id -> side.add(id.intValue()));
            } else {
                throw Json.unsupported("template item", Json.brief(item));
            }
        }
        if (!seen) {
            throw Json.unsupported("template", "without a sequence");
        }
        return new Template(before, after);
    }
}
