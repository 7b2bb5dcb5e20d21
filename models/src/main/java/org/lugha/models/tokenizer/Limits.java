package org.lugha.models.tokenizer;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The blocks {@code truncation} and {@code padding}: at most {@code longest} tokens, and at least
 * {@code shortest}, a multiple of {@code multiple}, filled with {@code fill}.
 */
record Limits(
        int longest, boolean cutLeft, int shortest, int multiple, boolean fillLeft, int fill) {

    private static final int MOST = 1 << 24;

    static Limits parse(JsonNode truncation, JsonNode padding) {
        boolean cuts = truncation.isObject();
        boolean fills = padding.isObject();
        if (cuts && truncation.path("strategy").asString("LongestFirst").equals("OnlySecond")) {
            throw Json.unsupported("truncation strategy of a single text", "OnlySecond");
        }
        JsonNode fixed = padding.path("strategy").path("Fixed");
        JsonNode multiple = padding.path("pad_to_multiple_of");
        return new Limits(
                cuts ? Json.number(truncation, "max_length") : Integer.MAX_VALUE,
                isLeft(truncation),
                fixed.isMissingNode() ? 0 : size(padding.path("strategy"), "Fixed"),
                multiple.isNumber() ? size(padding, "pad_to_multiple_of") : 0,
                isLeft(padding),
                fills ? Json.number(padding, "pad_id") : -1);
    }

    private static int size(JsonNode block, String key) {
        int size = Json.number(block, key);
        if (size > MOST) {
            throw Json.expected(key, "at most " + MOST + " tokens", block, block.path(key));
        }
        return size;
    }

    private static boolean isLeft(JsonNode block) {
        return block.path("direction").asString("Right").equals("Left");
    }

    /** Cuts tokens so that with those that are added there are no more than allowed. */
    void cut(TokenBuffer tokens, int added) {
        if (longest == Integer.MAX_VALUE) {
            return;
        }
        if (longest < added) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "encode: expected max_length of truncation to have room for %d added tokens, got %d; correct tokenizer.json",
                            added,
                            longest));
        }
        int kept = Math.min(longest - added, tokens.size());
        int from = cutLeft ? tokens.size() - kept : 0;
        tokens.keep(from, from + kept);
    }

    /** Fills up with tokens that stand for no text. */
    TokenBuffer filled(TokenBuffer tokens) {
        int target = Math.max(tokens.size(), shortest);
        if (multiple > 0 && target % multiple > 0) {
            target += multiple - target % multiple;
        }
        if (fill < 0 || target == tokens.size()) {
            return tokens;
        }
        TokenBuffer out = new TokenBuffer(target);
        if (!fillLeft) {
            out.addAll(tokens);
        }
        for (int i = tokens.size(); i < target; i++) {
            out.add(fill, 0, 0);
        }
        if (fillLeft) {
            out.addAll(tokens);
        }
        return out;
    }
}
