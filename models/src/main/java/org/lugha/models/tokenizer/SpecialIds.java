package org.lugha.models.tokenizer;

import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** The tokens that tokenizer_config.json, or else special_tokens_map.json, gives a role. */
record SpecialIds(OptionalInt bos, OptionalInt eos, OptionalInt pad) {

    static SpecialIds read(TokenizerFiles files, Tokenizer tokenizer) {
        JsonNode config = files.json(TokenizerFiles.CONFIG);
        JsonNode map = files.json(TokenizerFiles.SPECIAL);
        return new SpecialIds(
                find("bos_token", config, map, tokenizer),
                find("eos_token", config, map, tokenizer),
                find("pad_token", config, map, tokenizer));
    }

    /** Those that a SentencePiece model names itself, where the files beside it say nothing. */
    SpecialIds or(SentencePieceModel model, Tokenizer tokenizer) {
        SentencePieceModel.Trainer t = model.trainer();
        return new SpecialIds(
                bos.isPresent() ? bos : control(t.bos(), tokenizer),
                eos.isPresent() ? eos : control(t.eos(), tokenizer),
                pad.isPresent() ? pad : control(t.pad(), tokenizer));
    }

    private static OptionalInt control(String name, Tokenizer tokenizer) {
        OptionalInt id = tokenizer.id(name);
        return id.isPresent() && tokenizer.isSpecial(id.getAsInt()) ? id : OptionalInt.empty();
    }

    private static OptionalInt find(
            String role, JsonNode config, JsonNode map, Tokenizer tokenizer) {
        JsonNode named = config.has(role) ? config.get(role) : map.path(role);
        // Either the token itself or an object that describes it.
        JsonNode content = named.isObject() ? named.path("content") : named;
        if (!content.isString()) {
            return OptionalInt.empty();
        }
        OptionalInt id = tokenizer.id(content.stringValue());
        if (id.isEmpty()) {
            throw new TokenizerException(
                    "%s: expected %s '%s' in the vocabulary, it is not there; add it to tokenizer.json or name another"
                            .formatted(TokenizerFiles.CONFIG, role, content.stringValue()));
        }
        return id;
    }
}
