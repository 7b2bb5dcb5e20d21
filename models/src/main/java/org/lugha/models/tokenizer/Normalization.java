package org.lugha.models.tokenizer;

import tools.jackson.databind.JsonNode;

/**
 * The form that a trained tokenizer brings text into first. Decoding gives that form back, not the
 * text as it was.
 */
public enum Normalization {
    /** Text as it is: nothing is lost. */
    NONE,
    /** Letters and their marks composed, so that both ways to spell a tone mark are one. */
    NFC,
    /** As NFC, and ligatures, wide letters and their kind as plain ones. */
    NFKC;

    JsonNode block() {
        return this == NONE
                ? Json.MAPPER.nullNode()
                : Json.MAPPER.createObjectNode().put("type", name());
    }
}
