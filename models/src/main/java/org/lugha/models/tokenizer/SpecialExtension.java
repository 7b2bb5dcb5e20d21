package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Gives a tokenizer more special tokens behind all ids it has, such as the tags of tasks and
 * languages. They are found in a text as they are written, before anything else; no token or id
 * that was there changes.
 */
public final class SpecialExtension {
    private SpecialExtension() {}

    /**
     * Adds those that are not special tokens yet.
     *
     * @throws TokenizerException for models of SentencePiece, for tokens that begin or end with
     *     white space, and for those that the vocabulary has as something else
     */
    public static Extension of(Tokenizer tokenizer, List<String> tokens) {
        if (tokenizer.files().model() != null) {
            throw new TokenizerException(
                    "add special tokens: expected a tokenizer.json, got "
                            + tokenizer.files().model()
                            + ", a SentencePiece model; convert it with transformers:"
                            + " AutoTokenizer.from_pretrained(folder).save_pretrained(folder)");
        }
        List<String> more = new ArrayList<>();
        List<int[]> parts = new ArrayList<>();
        for (String token : new LinkedHashSet<>(tokens)) {
            var known = tokenizer.id(token);
            if (token.isBlank() || !token.equals(token.strip())) {
                throw new TokenizerException(
                        "add special tokens: expected names without white space around them, got '"
                                + token
                                + "'; write it like <yor>");
            }
            if (known.isPresent() && !tokenizer.isSpecial(known.getAsInt())) {
                throw new TokenizerException(
                        "add special tokens: '"
                                + token
                                + "' is an ordinary token already; choose another name");
            }
            if (known.isEmpty()) {
                more.add(token);
                parts.add(tokenizer.encode(token, false).ids());
            }
        }
        int first = tokenizer.vocabSize();
        Tokenizer made =
                more.isEmpty()
                        ? tokenizer
                        : new Tokenizer(
                                ExtendedFiles.of(tokenizer.files(), first)
                                        .special(tokenizer.algorithm(), more));
        return new Extension(made, first, more, parts, 0, 0);
    }
}
