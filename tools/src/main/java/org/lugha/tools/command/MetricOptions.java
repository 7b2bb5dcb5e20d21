package org.lugha.tools.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.lugha.models.RequestException;
import org.lugha.models.evaluate.Bleu;
import org.lugha.models.evaluate.ChrF;
import org.lugha.models.evaluate.CorpusMetric;
import org.lugha.models.evaluate.PieceSegmentation;
import org.lugha.models.evaluate.RuleSegmentation;
import org.lugha.models.evaluate.Segmentation;
import org.lugha.models.evaluate.Smoothing;
import org.lugha.models.evaluate.Ter;
import org.lugha.models.settings.Nearest;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.tokenizer.TokenizerException;
import picocli.CommandLine.Option;

/** The settings of metrics, named as sacrebleu's command names them. */
final class MetricOptions {
    private static final List<String> WORDS = List.of("13a", "intl", "char", "zh", "none", "spm");

    @Option(
            names = "--tokenize",
            paramLabel = "NAME",
            description =
                    "BLEU's words: 13a, intl, char, zh, none, or spm with --spm (default: 13a, or"
                            + " spm with --spm).")
    private String tokenize;

    @Option(
            names = "--spm",
            paramLabel = "FILE",
            description = "A SentencePiece model or tokenizer whose pieces are BLEU's words.")
    private Path spm;

    @Option(
            names = "--lowercase",
            description = "Upper and lower case are the same to BLEU and chrF.")
    private boolean lowercase;

    @Option(
            names = "--smooth-method",
            defaultValue = "exp",
            paramLabel = "NAME",
            description = "BLEU's: exp, floor, add-k or none (default: ${DEFAULT-VALUE}).")
    private String smooth;

    @Option(
            names = "--smooth-value",
            paramLabel = "X",
            description = "Of floor (default: 0.1) and add-k (default: 1).")
    private Double smoothValue;

    @Option(
            names = "--chrf-char-order",
            defaultValue = "6",
            paramLabel = "N",
            description = "Characters of the longest n-grams (default: ${DEFAULT-VALUE}).")
    private int characters;

    @Option(
            names = "--chrf-word-order",
            paramLabel = "N",
            description = "Words of the longest n-grams (default: 0, and 2 of chrf++).")
    private Integer words;

    @Option(
            names = "--chrf-beta",
            defaultValue = "2",
            paramLabel = "N",
            description = "Weight of recall (default: ${DEFAULT-VALUE}).")
    private int beta;

    @Option(names = "--chrf-whitespace", description = "White space is a character too.")
    private boolean whitespace;

    @Option(names = "--ter-case-sensitive", description = "Upper and lower case differ.")
    private boolean terCase;

    @Option(names = "--ter-normalized", description = "Signs are set apart from words.")
    private boolean terNormalized;

    @Option(names = "--ter-no-punct", description = "Punctuation is removed.")
    private boolean terNoPunctuation;

    @Option(
            names = "--ter-asian-support",
            description = "The two do so with Chinese and Japanese text too.")
    private boolean terAsian;

    /** A metric of these settings. */
    CorpusMetric metric(String name) {
        return switch (name) {
            case "bleu" -> new Bleu(segmentation(), lowercase, smoothing(), false);
            case "chrf" -> chrf(words == null ? 0 : words);
            case "chrf++" -> chrf(words == null ? 2 : words);
            case "ter" -> new Ter(terNormalized, terNoPunctuation, terAsian, terCase);
            default -> CorpusMetric.of(name);
        };
    }

    /** Names of a list such as {@code bleu,chrf++} in small letters, each once. */
    static List<String> names(String list, List<String> known) {
        List<String> names = new ArrayList<>();
        for (String word : list.split(",", -1)) {
            String name = word.strip().toLowerCase(Locale.ROOT);
            String other = name.replace('-', '_');
            String found =
                    known.stream()
                            .filter(k -> k.replace('-', '_').equals(other))
                            .findFirst()
                            .orElseThrow(() -> unknown("--metrics", name, known));
            if (!names.contains(found)) {
                names.add(found);
            }
        }
        return names;
    }

    private static RequestException unknown(String option, String got, List<String> known) {
        return new RequestException(
                option
                        + ": there is no '"
                        + got
                        + "'; did you mean "
                        + Nearest.of(got, known)
                        + "? There are "
                        + String.join(", ", known));
    }

    private ChrF chrf(int wordOrder) {
        Generate.requireRange("--chrf-char-order", characters, 1, 100);
        Generate.requireRange("--chrf-word-order", wordOrder, 0, 100);
        Generate.requireRange("--chrf-beta", beta, 1, 1000);
        return new ChrF(characters, wordOrder, beta, lowercase, whitespace);
    }

    private Smoothing smoothing() {
        List<Smoothing.Method> known = List.of(Smoothing.Method.values());
        Smoothing.Method method =
                known.stream()
                        .filter(m -> m.word().equals(smooth))
                        .findFirst()
                        .orElseThrow(() -> {
                            List<String> words = known.stream().map(m -> m.word()).toList();
                            return unknown("--smooth-method", smooth, words);
                        });
        double value = smoothValue == null ? method.usualValue() : smoothValue;
        Generate.requireRange("--smooth-value", value, 0, 1e6);
        return new Smoothing(method, value);
    }

    private Segmentation segmentation() {
        String name = tokenize == null ? spm == null ? "13a" : "spm" : tokenize;
        if (!WORDS.contains(name)) {
            throw unknown("--tokenize", name, WORDS);
        }
        if (name.equals("spm") != (spm != null)) {
            throw new RequestException(
                    spm == null
                            ? "--tokenize spm needs --spm FILE, a SentencePiece model such as that"
                                    + " of FLORES"
                            : "--spm goes with --tokenize spm, got --tokenize " + name);
        }
        if (spm != null) {
            return pieces();
        }
        return Arrays.stream(RuleSegmentation.values())
                .filter(s -> s.signature().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Segmentation pieces() {
        try {
            return new PieceSegmentation(Tokenizer.load(spm), "spm[" + digest() + "]");
        } catch (TokenizerException e) {
            throw new RequestException("--spm " + spm + ": " + e.getMessage(), e);
        }
    }

    /** The first eight digits of the file's SHA-256; of a folder that of its tokenizer.json. */
    private String digest() {
        try {
            Path file = Files.isDirectory(spm) ? spm.resolve("tokenizer.json") : spm;
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new RequestException(spm + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
