package org.lugha.models.tokenizer;

/**
 * What a byte-level BPE vocabulary is to be.
 *
 * @param vocabSize tokens in all: special tokens, 256 bytes and merges. Fewer come out where the
 *     text does not have as many pairs
 * @param minFrequency how often a pair must occur to be merged
 * @param special special tokens, which get the first ids
 * @param split how text is cut before the merges
 * @param nfc whether the tokenizer brings text into normalization form C first; decoding then gives
 *     that form back, not the text as it was
 * @param addBos whether encoding puts the bos token before each text
 * @param addEos whether encoding puts the eos token after each text
 * @param modelMaxLength {@code model_max_length} of tokenizer_config.json
 */
public record BpeOptions(
        int vocabSize,
        long minFrequency,
        SpecialTokens special,
        WordSplit split,
        boolean nfc,
        boolean addBos,
        boolean addEos,
        int modelMaxLength) {

    public BpeOptions {
        int least = special.all().size() + 256;
        if (vocabSize < least) {
            throw new TokenizerException(
                    "train a tokenizer: expected a vocabulary of at least %d (256 bytes and %d special tokens), got %d; ask for more"
                            .formatted(least, least - 256, vocabSize));
        }
        if ((addBos && special.bos().isEmpty()) || (addEos && special.eos().isEmpty())) {
            throw new TokenizerException(
                    "train a tokenizer: expected a bos and an eos token where they are to be added, got none; name them");
        }
    }

    /** Pairs from 2 occurrences, standard special tokens, whole words, nothing added to texts. */
    public static BpeOptions of(int vocabSize) {
        return new BpeOptions(
                vocabSize, 2, SpecialTokens.standard(), WordSplit.WORDS, false, false, false, 2048);
    }

    public BpeOptions withMinFrequency(long value) {
        return new BpeOptions(
                vocabSize, value, special, split, nfc, addBos, addEos, modelMaxLength);
    }

    public BpeOptions withSpecial(SpecialTokens value) {
        return new BpeOptions(
                vocabSize, minFrequency, value, split, nfc, addBos, addEos, modelMaxLength);
    }

    public BpeOptions withSplit(WordSplit value) {
        return new BpeOptions(
                vocabSize, minFrequency, special, value, nfc, addBos, addEos, modelMaxLength);
    }

    public BpeOptions withNfc(boolean value) {
        return new BpeOptions(
                vocabSize, minFrequency, special, split, value, addBos, addEos, modelMaxLength);
    }

    public BpeOptions withAdded(boolean bos, boolean eos) {
        return new BpeOptions(
                vocabSize, minFrequency, special, split, nfc, bos, eos, modelMaxLength);
    }

    public BpeOptions withModelMaxLength(int value) {
        return new BpeOptions(vocabSize, minFrequency, special, split, nfc, addBos, addEos, value);
    }
}
