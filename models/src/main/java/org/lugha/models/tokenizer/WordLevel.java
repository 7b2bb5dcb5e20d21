package org.lugha.models.tokenizer;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Every piece is one token, or unknown. */
record WordLevel(Map<String, Integer> vocab, String unknownToken) implements Algorithm {
    @Override
    public Tokens tokenize(String piece) {
        Integer id = vocab.get(piece);
        return Tokens.one(id == null ? unknown(vocab, unknownToken) : id, piece.length());
    }

    @Override
    public int unknown() {
        return vocab.getOrDefault(unknownToken, -1);
    }

    /** The id of the unknown token, which not every file has although it names one. */
    static int unknown(Map<String, Integer> vocab, String token) {
        Integer id = vocab.get(token);
        if (id == null) {
            throw new TokenizerException(
                    "encode: expected the unk_token '%s' in the vocabulary for an unknown word, it is not there; add it to tokenizer.json"
                            .formatted(token));
        }
        return id;
    }

    static WordLevel parse(JsonNode block) {
        return new WordLevel(Algorithm.vocab(block), Json.text(block, "unk_token"));
    }
}
