package org.lugha.models.tokenizer;

import java.util.Locale;

/**
 * What a Unigram vocabulary is to be.
 *
 * @param vocabSize tokens in all: special tokens, 256 bytes if wanted, characters and pieces. Fewer
 *     come out where the text does not have as many pieces
 * @param special special tokens, which get the first ids; an unknown one must be among them
 * @param byteFallback whether characters outside the vocabulary are spelled in bytes
 * @param coverage the share of all characters, from the most frequent on, that get a token; the
 *     others are spelled in bytes, or unknown
 * @param longest characters of the longest piece
 * @param normalization the form that text is brought into first
 * @param addBos whether encoding puts the bos token before each text
 * @param addEos whether encoding puts the eos token after each text
 * @param modelMaxLength {@code model_max_length} of tokenizer_config.json
 */
public record UnigramOptions(
        int vocabSize,
        SpecialTokens special,
        boolean byteFallback,
        double coverage,
        int longest,
        Normalization normalization,
        boolean addBos,
        boolean addEos,
        int modelMaxLength) {

    public UnigramOptions {
        if (special.unknown().isEmpty()) {
            throw new TokenizerException(
                    "train a tokenizer: expected an unknown token for a Unigram vocabulary, got none; take SpecialTokens.pieces()");
        }
        if (longest < 1 || longest > 64) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "train a tokenizer: expected pieces of 1 to 64 characters at most, got %d; 16 is usual",
                            longest));
        }
        BpeOptions.requireNamed(special, addBos, addEos);
        BpeOptions.requireCoverage(coverage);
        TrainedFiles.requireRoom(vocabSize, special, byteFallback, 0);
    }

    /** Pieces of up to 16 characters, all characters; nothing is spelled in bytes. */
    public static UnigramOptions of(int vocabSize) {
        return new UnigramOptions(
                vocabSize,
                SpecialTokens.pieces(),
                false,
                1,
                16,
                Normalization.NONE,
                false,
                false,
                2048);
    }

    /** The same with 256 bytes for rare characters: nothing is unknown. */
    public static UnigramOptions withBytes(int vocabSize) {
        return new UnigramOptions(
                vocabSize,
                SpecialTokens.pieces(),
                true,
                0.9995,
                16,
                Normalization.NONE,
                false,
                false,
                2048);
    }

    public UnigramOptions withSpecial(SpecialTokens value) {
        return new UnigramOptions(
                vocabSize,
                value,
                byteFallback,
                coverage,
                longest,
                normalization,
                addBos,
                addEos,
                modelMaxLength);
    }

    public UnigramOptions withCoverage(double value) {
        return new UnigramOptions(
                vocabSize,
                special,
                byteFallback,
                value,
                longest,
                normalization,
                addBos,
                addEos,
                modelMaxLength);
    }

    public UnigramOptions withNormalization(Normalization value) {
        return new UnigramOptions(
                vocabSize,
                special,
                byteFallback,
                coverage,
                longest,
                value,
                addBos,
                addEos,
                modelMaxLength);
    }

    public UnigramOptions withAdded(boolean bos, boolean eos) {
        return new UnigramOptions(
                vocabSize,
                special,
                byteFallback,
                coverage,
                longest,
                normalization,
                bos,
                eos,
                modelMaxLength);
    }

    public UnigramOptions withModelMaxLength(int value) {
        return new UnigramOptions(
                vocabSize,
                special,
                byteFallback,
                coverage,
                longest,
                normalization,
                addBos,
                addEos,
                value);
    }
}
