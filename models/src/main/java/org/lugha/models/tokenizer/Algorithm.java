package org.lugha.models.tokenizer;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What makes tokens of a piece of text: the block {@code model} of tokenizer.json. */
sealed interface Algorithm
        permits Bpe,
                SentencePieceBpe,
                SentencePieceUnigram,
                SentencePieceWhole,
                Unigram,
                WordLevel,
                WordPiece {

    /** SentencePiece's visible space. */
    char SPACE = '\u2581';

    /**
     * The tokens of a piece: ids, and which of the piece's chars each is from. Tokens that are a
     * part of a character have all of it.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tokens(int[] ids, int[] starts, int[] ends) {
        static final Tokens NONE = new Tokens(new int[0], new int[0], new int[0]);

        static Tokens one(int id, int length) {
            return new Tokens(new int[] {id}, new int[1], new int[] {length});
        }
    }

    Tokens tokenize(String piece);

    /** The vocabulary without the tokens that were added to it. */
    Map<String, Integer> vocab();

    /** The token of what the vocabulary lacks, or -1. */
    default int unknown() {
        return -1;
    }

    /** Whether a piece may be cut before every {@link #SPACE} that follows another character. */
    default boolean cutsBeforeSpaces() {
        return false;
    }

    static Algorithm parse(JsonNode block) {
        return switch (type(block)) {
            case "BPE" -> Bpe.parse(block);
            case "Unigram" -> Unigram.parse(block);
            case "WordPiece" -> WordPiece.parse(block);
            case "WordLevel" -> WordLevel.parse(block);
            case String other -> throw Json.unsupported("model type", other);
        };
    }

    /** Old files do not name it. */
    private static String type(JsonNode block) {
        if (block.has("type")) {
            return Json.type(block);
        }
        if (block.has("merges")) {
            return "BPE";
        }
        if (block.path("vocab").isArray()) {
            return "Unigram";
        }
        return block.has("continuing_subword_prefix") ? "WordPiece" : Json.brief(block);
    }

    /** The block {@code vocab} where it is an object of tokens and ids. */
    static Map<String, Integer> vocab(JsonNode block) {
        JsonNode vocab = block.path("vocab");
        if (!vocab.isObject()) {
            throw Json.expected("vocab", "an object of tokens and ids", block, vocab);
        }
        Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(vocab.size());
        vocab.forEachEntry((token, id) -> {
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                throw Json.expected("the id of '" + token + "'", "a whole number", block, id);
            }
            ids.put(token, id.intValue());
        });
        return ids;
    }
}
