package org.lugha.models.tokenizer;

import java.util.Locale;

/**
 * What a BPE vocabulary is to be.
 *
 * @param vocabSize tokens in all: special tokens, 256 bytes, characters unless the vocabulary is
 *     byte-level, and merges. Fewer come out where the text does not have as many pairs
 * @param minFrequency how often a pair must occur to be merged
 * @param special special tokens, which get the first ids
 * @param split how text is cut before the merges; {@link WordSplit#SPACES} makes words of
 *     characters, the others of bytes
 * @param coverage the share of all characters, from the most frequent on, that get a token where
 *     words are made of characters; the others are spelled in bytes
 * @param normalization the form that text is brought into first
 * @param addBos whether encoding puts the bos token before each text
 * @param addEos whether encoding puts the eos token after each text
 * @param modelMaxLength {@code model_max_length} of tokenizer_config.json
 */
public record BpeOptions(
        int vocabSize,
        long minFrequency,
        SpecialTokens special,
        WordSplit split,
        double coverage,
        Normalization normalization,
        boolean addBos,
        boolean addEos,
        int modelMaxLength) {
    private static final int BYTES = 256;

    public BpeOptions {
        int least = special.all().size() + BYTES;
        if (vocabSize < least) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "train a tokenizer: expected a vocabulary of at least %d (256 bytes and %d special tokens), got %d; ask for more",
                            least,
                            least - BYTES,
                            vocabSize));
        }
        if (split == WordSplit.SPACES && special.unknown().isEmpty()) {
            throw new TokenizerException(
                    "train a tokenizer: expected an unknown token for words of characters, got none; take SpecialTokens.pieces()");
        }
        requireNamed(special, addBos, addEos);
        requireCoverage(coverage);
    }

    static void requireNamed(SpecialTokens special, boolean addBos, boolean addEos) {
        if ((addBos && special.bos().isEmpty()) || (addEos && special.eos().isEmpty())) {
            throw new TokenizerException(
                    "train a tokenizer: expected a bos and an eos token where they are to be added, got none; name them");
        }
        for (String token : special.all()) {
            if (token.codePointCount(0, token.length()) < 2 || ByteTokens.byteOf(token) >= 0) {
                throw new TokenizerException(
                        "train a tokenizer: expected special tokens of two characters or more that are no byte's, got '%s'; name it otherwise"
                                .formatted(token));
            }
        }
    }

    static void requireCoverage(double coverage) {
        if (!(coverage > 0 && coverage <= 1)) {
            throw new TokenizerException(
                    "train a tokenizer: expected a character coverage above 0 and up to 1, got %s; 0.9995 is usual"
                            .formatted(coverage));
        }
    }

    /** Byte-level: pairs from 2 occurrences, standard special tokens, whole words. */
    public static BpeOptions of(int vocabSize) {
        return new BpeOptions(
                vocabSize,
                2,
                SpecialTokens.standard(),
                WordSplit.WORDS,
                1,
                Normalization.NONE,
                false,
                false,
                2048);
    }

    /** Of characters, with bytes for rare ones: Llama 2's kind. */
    public static BpeOptions ofCharacters(int vocabSize) {
        return new BpeOptions(
                vocabSize,
                2,
                SpecialTokens.pieces(),
                WordSplit.SPACES,
                0.9995,
                Normalization.NONE,
                false,
                false,
                2048);
    }

    boolean byteFallback() {
        return split == WordSplit.SPACES;
    }

    public BpeOptions withMinFrequency(long value) {
        return new BpeOptions(
                vocabSize,
                value,
                special,
                split,
                coverage,
                normalization,
                addBos,
                addEos,
                modelMaxLength);
    }

    public BpeOptions withSpecial(SpecialTokens value) {
        return new BpeOptions(
                vocabSize,
                minFrequency,
                value,
                split,
                coverage,
                normalization,
                addBos,
                addEos,
                modelMaxLength);
    }

    public BpeOptions withSplit(WordSplit value) {
        return new BpeOptions(
                vocabSize,
                minFrequency,
                special,
                value,
                coverage,
                normalization,
                addBos,
                addEos,
                modelMaxLength);
    }

    public BpeOptions withCoverage(double value) {
        return new BpeOptions(
                vocabSize,
                minFrequency,
                special,
                split,
                value,
                normalization,
                addBos,
                addEos,
                modelMaxLength);
    }

    public BpeOptions withNormalization(Normalization value) {
        return new BpeOptions(
                vocabSize,
                minFrequency,
                special,
                split,
                coverage,
                value,
                addBos,
                addEos,
                modelMaxLength);
    }

    public BpeOptions withAdded(boolean bos, boolean eos) {
        return new BpeOptions(
                vocabSize,
                minFrequency,
                special,
                split,
                coverage,
                normalization,
                bos,
                eos,
                modelMaxLength);
    }

    public BpeOptions withModelMaxLength(int value) {
        return new BpeOptions(
                vocabSize,
                minFrequency,
                special,
                split,
                coverage,
                normalization,
                addBos,
                addEos,
                value);
    }
}
