package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.lugha.models.tokenizer.ExtensionLearner.Merge;

/**
 * Learns new tokens for a tokenizer from text that it cuts into too many: of a language, say, that
 * it was not made for. Texts are added one by one; only their distinct words are kept, cut as the
 * tokenizer cuts them now. Then the most frequent pair of adjacent tokens becomes one, again and
 * again; characters that the vocabulary lacks come first.
 *
 * <p>A BPE gets these merges behind its own. A text that none of them meets is encoded as before. A
 * Unigram gets the joined pieces that save most, with the logarithm of their share of all tokens of
 * the text as scores, no lower than the lowest it had. A WordPiece gets the joined pieces. No token
 * or id that was there changes. Equal texts give equal bytes.
 */
public final class VocabularyExtender {
    /** Rarer characters, so many of all, stay unknown or bytes. */
    private static final double LEFT_OUT = 0.0005;

    private final Tokenizer tokenizer;
    private final TokenizerFiles files;
    private final boolean spell;
    private final Map<String, long[]> words = new TreeMap<>();
    private final PieceSymbols symbols;

    /** Refuses what cannot be extended: WordLevel, models of SentencePiece, BPE with affixes. */
    public VocabularyExtender(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.files = tokenizer.files();
        if (files.model() != null) {
            throw refused(
                    "a tokenizer.json, got " + files.model() + ", a SentencePiece model",
                    "convert it with transformers: AutoTokenizer.from_pretrained(folder)"
                            + ".save_pretrained(folder)");
        }
        this.spell = Splitter.parseApart(files.tokenizer().path("pre_tokenizer")).spell();
        String prefix =
                switch (tokenizer.algorithm()) {
                    case Bpe b when b.isPlain() -> "";
                    case Bpe _ ->
                            throw refused(
                                    "a BPE without continuing_subword_prefix and end_of_word_suffix, it has one",
                                    "use another tokenizer");
                    case Unigram _ -> "";
                    case WordPiece w -> w.prefix();
                    case Algorithm other ->
                            throw refused(
                                    "BPE, Unigram or WordPiece, got "
                                            + other.getClass().getSimpleName(),
                                    "use another tokenizer");
                };
        this.symbols = new PieceSymbols(tokenizer.algorithm(), prefix, tokenizer);
    }

    private static TokenizerException refused(String expected, String advice) {
        return new TokenizerException("extend a tokenizer: expected " + expected + "; " + advice);
    }

    /** Counts the words of a text. */
    public void add(String text) {
        tokenizer.forEachPiece(
                text,
                piece -> {
                    String all = spell ? ByteAlphabet.spell(piece).text() : piece.text();
                    int from = 0;
                    for (int i = 1; i < all.length(); i++) {
                        // Learned tokens never reach over a word's end, split or not.
                        if (all.charAt(i) == Algorithm.SPACE
                                && all.charAt(i - 1) != Algorithm.SPACE) {
                            count(all.substring(from, i));
                            from = i;
                        }
                    }
                    count(all.substring(from));
                });
    }

    private void count(String word) {
        words.computeIfAbsent(word, _ -> new long[1])[0]++;
    }

    /** Learns up to {@code wanted} tokens; fewer where the text repeats too little. */
    public Extension extend(int wanted) {
        Map<String, Long> characters = newCharacters(wanted);
        ExtensionLearner learner =
                new ExtensionLearner(
                        symbols.prefix(),
                        t ->
                                tokenizer.id(t).isEmpty()
                                        && !characters.containsKey(t)
                                        && isOneKind(t),
                        !(tokenizer.algorithm() instanceof Bpe));
        long before = 0;
        for (var w : words.entrySet()) {
            long count = w.getValue()[0];
            before += count * tokenizer.algorithm().tokenize(w.getKey()).ids().length;
            List<String> run = new ArrayList<>();
            for (String s : symbols.of(w.getKey())) {
                if (symbols.isKnown(s) || characters.containsKey(s)) {
                    run.add(s);
                } else {
                    learner.add(run, count);
                    run = new ArrayList<>();
                }
            }
            learner.add(run, count);
        }
        int more = wanted - characters.size();
        boolean unigram = tokenizer.algorithm() instanceof Unigram;
        learner.learn(unigram ? more + more / 2 : more, 2);
        return finished(characters, learner.merges(), wanted, before);
    }

    /**
     * Letters and what joins them, digits, or signs; in bytes the cut into words has seen to it.
     */
    private boolean isOneKind(String token) {
        String prefix = symbols.prefix();
        String text = token.startsWith(prefix) ? token.substring(prefix.length()) : token;
        long letters = text.codePoints().filter(VocabularyExtender::isOfWords).count();
        long digits = text.codePoints().filter(Character::isDigit).count();
        long spaces = text.codePoints().filter(c -> c == Algorithm.SPACE).count();
        long rest = text.codePointCount(0, text.length()) - spaces;
        return spell || letters == rest || digits == rest || letters + digits == 0;
    }

    private static boolean isOfWords(int c) {
        int marks =
                1 << Character.NON_SPACING_MARK
                        | 1 << Character.COMBINING_SPACING_MARK
                        | 1 << Character.ENCLOSING_MARK;
        return Character.isLetter(c)
                || (marks >> Character.getType(c) & 1) != 0
                || "'\u2019-\u2010".indexOf(c) >= 0;
    }

    /** What the vocabulary cannot spell, most frequent first, but for the rarest. */
    private Map<String, Long> newCharacters(int wanted) {
        Map<String, Long> unknown = new TreeMap<>();
        long all = 0;
        for (var w : words.entrySet()) {
            all += w.getValue()[0] * w.getKey().codePointCount(0, w.getKey().length());
            for (String s : symbols.of(w.getKey())) {
                if (!symbols.isKnown(s)) {
                    unknown.merge(s, w.getValue()[0], Long::sum);
                }
            }
        }
        long rest = unknown.values().stream().mapToLong(n -> n).sum();
        Map<String, Long> taken = new LinkedHashMap<>();
        var order = new ArrayList<>(unknown.entrySet());
        order.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        for (var e : order) {
            if (rest <= LEFT_OUT * all || taken.size() == wanted || e.getValue() < 2) {
                break;
            }
            taken.put(e.getKey(), e.getValue());
            rest -= e.getValue();
        }
        return taken;
    }

    private Extension finished(
            Map<String, Long> characters, List<Merge> merges, int wanted, long before) {
        Map<String, Long> found = new LinkedHashMap<>(characters);
        Map<String, int[]> parts = new LinkedHashMap<>();
        characters.keySet().forEach(c -> parts.put(c, symbols.parts(c)));
        for (Merge m : merges) {
            found.merge(m.made(), m.count(), Long::sum);
            if (!parts.containsKey(m.made())) {
                parts.put(m.made(), joined(m, parts));
            }
        }
        ExtendedFiles extended = ExtendedFiles.of(files, tokenizer.vocabSize());
        List<String> tokens = new ArrayList<>(found.keySet());
        TokenizerFiles made =
                switch (tokenizer.algorithm()) {
                    case Unigram u -> {
                        var growth = new UnigramGrowth(u, words);
                        Map<String, Double> scores =
                                growth.best(found, characters.keySet(), wanted);
                        tokens = List.copyOf(scores.keySet());
                        yield extended.unigram(scores);
                    }
                    case WordPiece _ -> extended.wordPiece(tokens);
                    default -> extended.bpe(tokens, merges);
                };
        Tokenizer t = new Tokenizer(made);
        List<int[]> rows = tokens.stream().map(parts::get).toList();
        return new Extension(t, tokenizer.vocabSize(), tokens, rows, before, size(t.algorithm()));
    }

    private int[] joined(Merge m, Map<String, int[]> parts) {
        int[] left = parts.get(m.left());
        int[] right = parts.get(m.right());
        return IntStream.concat(
                        Arrays.stream(left == null ? symbols.parts(m.left()) : left),
                        Arrays.stream(right == null ? symbols.parts(m.right()) : right))
                .toArray();
    }

    private long size(Algorithm algorithm) {
        long sum = 0;
        for (var w : words.entrySet()) {
            sum += w.getValue()[0] * algorithm.tokenize(w.getKey()).ids().length;
        }
        return sum;
    }
}
