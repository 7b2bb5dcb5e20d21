package org.lugha.tools.command;

import java.util.List;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.Normalization;
import org.lugha.models.tokenizer.SpecialTokens;
import org.lugha.models.tokenizer.TokenizerTrainer;
import org.lugha.models.tokenizer.UnigramOptions;
import org.lugha.models.tokenizer.UnigramTrainer;
import org.lugha.models.tokenizer.WordSplit;
import picocli.CommandLine.Option;

/** What a new vocabulary is to be, as options of a command. */
final class VocabularyOptions {
    /** The algorithms. */
    enum Kind {
        BPE,
        UNIGRAM
    }

    /** How byte-level BPE cuts text. */
    enum Split {
        WORDS,
        GPT2
    }

    @Option(
            names = "--model",
            required = true,
            paramLabel = "KIND",
            description = "bpe or unigram. bpe is byte-level unless --byte-fallback is given.")
    private Kind kind;

    @Option(
            names = "--vocab-size",
            required = true,
            paramLabel = "N",
            description = "Tokens in all, special ones and bytes among them.")
    private int vocabSize;

    @Option(
            names = "--byte-fallback",
            description =
                    "Words of characters cut before spaces, and 256 byte tokens for characters"
                            + " that are not in the vocabulary, as in Llama 2.")
    private boolean byteFallback;

    @Option(
            names = "--normalization",
            defaultValue = "none",
            paramLabel = "FORM",
            description = "nfc, nfkc or none, which loses nothing (default: ${DEFAULT-VALUE}).")
    private Normalization normalization;

    @Option(
            names = "--special-tokens",
            split = ",",
            paramLabel = "TOKEN",
            description = "More special tokens, such as '<swa>,<yor>'.")
    private List<String> special = List.of();

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            description = "How often a pair must occur to be merged; of bpe (default: 2).")
    private Long minFrequency;

    @Option(
            names = "--character-coverage",
            paramLabel = "SHARE",
            description =
                    "Share of all characters that get tokens of their own, the rarest left out"
                            + " (default: 0.9995 with --byte-fallback, else 1).")
    private Double coverage;

    @Option(
            names = "--split",
            paramLabel = "HOW",
            description =
                    "words, which keeps marks in their word, or gpt2; of byte-level bpe"
                            + " (default: words).")
    private Split split;

    @Option(names = "--add-bos", description = "Encoding begins texts with the bos token.")
    private boolean addBos;

    @Option(names = "--add-eos", description = "Encoding ends texts with the eos token.")
    private boolean addEos;

    /** The name of the algorithm. */
    String model() {
        return switch (kind) {
            case BPE -> "bpe";
            case UNIGRAM -> "unigram";
        };
    }

    int vocabSize() {
        return vocabSize;
    }

    TokenizerTrainer trainer(int threads) {
        boolean bytes = kind == Kind.BPE && !byteFallback;
        refuse("--min-frequency", minFrequency != null && kind != Kind.BPE, "--model bpe");
        refuse("--split", split != null && !bytes, "--model bpe without --byte-fallback");
        refuse(
                "--character-coverage",
                coverage != null && bytes,
                "--model unigram and for --byte-fallback, since byte-level bpe has all characters");
        String[] more = special.toArray(String[]::new);
        return switch (kind) {
            case BPE -> {
                BpeOptions o =
                        byteFallback
                                ? BpeOptions.ofCharacters(vocabSize)
                                        .withSpecial(SpecialTokens.pieces(more))
                                : BpeOptions.of(vocabSize)
                                        .withSpecial(SpecialTokens.standard(more))
                                        .withSplit(
                                                split == Split.GPT2
                                                        ? WordSplit.GPT2
                                                        : WordSplit.WORDS);
                o = coverage == null ? o : o.withCoverage(coverage);
                o = minFrequency == null ? o : o.withMinFrequency(minFrequency);
                yield new BpeTrainer(
                        o.withNormalization(normalization).withAdded(addBos, addEos), threads);
            }
            case UNIGRAM -> {
                UnigramOptions o =
                        byteFallback
                                ? UnigramOptions.withBytes(vocabSize)
                                : UnigramOptions.of(vocabSize);
                o = coverage == null ? o : o.withCoverage(coverage);
                o = o.withSpecial(SpecialTokens.pieces(more)).withNormalization(normalization);
                yield new UnigramTrainer(o.withAdded(addBos, addEos), threads);
            }
        };
    }

    private static void refuse(String option, boolean wrong, String with) {
        if (wrong) {
            throw new RequestException("tokenizer train: " + option + " is for " + with);
        }
    }
}
