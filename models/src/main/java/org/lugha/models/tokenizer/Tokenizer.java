package org.lugha.models.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.lugha.models.checkpoint.Staged;
import tools.jackson.core.JacksonException;

/**
 * Text to token ids and back, as a {@code tokenizer.json} or a SentencePiece model describes it.
 * Safe for use by many threads.
 *
 * <p>The way of a text: added tokens are found; what lies between them is normalized, split, and
 * made into tokens by the model; the post-processor adds what the file asks for. The blocks {@code
 * truncation} and {@code padding} of the file are left to {@link #encodeWithinLimits}: training
 * must not lose the ends of texts because a file was once saved with a limit.
 *
 * <p>A bare SentencePiece model gives the ids of {@code sentencepiece} itself. Some families count
 * otherwise, XLM-R for one shifts them by one and has special tokens in other places: only their
 * tokenizer.json says so, and only it makes encoding add special tokens.
 *
 * <p>Half a surrogate pair, which has no UTF-8, is encoded as U+FFFD.
 */
public final class Tokenizer {
    private final TokenizerFiles files;
    private final Algorithm algorithm;
    private final Normalizer normalizer;
    private final Splitter splitter;
    private final PostProcessor postProcessor;
    private final Decoder decoder;
    private final Limits limits;
    private final TokenFinder raw;
    private final TokenFinder normalized;
    private final WordCache words;
    private final Map<String, AddedToken> added = new HashMap<>();
    private final boolean[] special;
    private final boolean[] literal;
    private final String[] tokens;
    private final SpecialIds specialIds;

    Tokenizer(TokenizerFiles files) {
        this.files = files;
        String name = files.model();
        SentencePieceModel model =
                name == null ? null : SentencePieceModel.read(files.content().get(name), name);
        Blocks blocks = model == null ? Blocks.of(files.tokenizer()) : Blocks.of(model);
        this.algorithm = blocks.algorithm();
        this.normalizer = blocks.normalizer();
        this.splitter = blocks.splitter().splitter();
        this.postProcessor = blocks.postProcessor();
        this.decoder = blocks.decoder();
        this.limits = blocks.limits();
        this.words = new WordCache(algorithm, blocks.splitter().spell());
        List<AddedToken> extra = blocks.added();
        this.raw = finder(model == null ? extra : List.of(), false);
        this.normalized = finder(model == null ? extra : List.of(), true);
        this.tokens = table(algorithm.vocab(), extra);
        this.special = new boolean[tokens.length];
        this.literal = new boolean[tokens.length];
        for (AddedToken t : extra) {
            added.put(t.content(), t);
            special[t.id()] = t.special();
            literal[t.id()] = true;
        }
        SpecialIds named = SpecialIds.read(files, this);
        this.specialIds = model == null ? named : named.or(model, this);
    }

    /**
     * Loads a {@code tokenizer.json} or a SentencePiece model, given itself or its folder, and the
     * files beside it. In a folder tokenizer.json goes before tokenizer.model, spiece.model and
     * sentencepiece.bpe.model.
     */
    public static Tokenizer load(Path path) {
        TokenizerFiles files = TokenizerFiles.read(path);
        try {
            return new Tokenizer(files);
        } catch (JacksonException e) {
            throw new TokenizerException(
                    "cannot read %s: %s; is the file complete?"
                            .formatted(path, e.getOriginalMessage()),
                    e);
        }
    }

    private TokenFinder finder(List<AddedToken> extra, boolean afterNormalizer) {
        Map<AddedToken, String> wanted = new LinkedHashMap<>();
        for (AddedToken t : extra) {
            if (t.normalized() == afterNormalizer) {
                String content = t.content();
                if (afterNormalizer && !content.isEmpty()) {
                    content = normalizer.apply(Aligned.verbatim(content, 0)).text();
                }
                wanted.put(t, content);
            }
        }
        return new TokenFinder(wanted);
    }

    private static String[] table(Map<String, Integer> vocab, List<AddedToken> extra) {
        Map<String, Integer> all = new HashMap<>(vocab);
        for (AddedToken t : extra) {
            Integer other = all.putIfAbsent(t.content(), t.id());
            if (other != null && other != t.id()) {
                throw new TokenizerException(
                        String.format(
                                Locale.ROOT,
                                "tokenizer.json: expected one id for '%s', got %d and %d; repair the file",
                                t.content(),
                                other,
                                t.id()));
            }
        }
        int largest = all.values().stream().mapToInt(i -> i).max().orElse(-1);
        int smallest = all.values().stream().mapToInt(i -> i).min().orElse(0);
        if (smallest < 0 || largest >= 2L * all.size() + 1_000_000) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "tokenizer.json: expected ids from 0 for %d tokens, got %d to %d; repair the file",
                            all.size(),
                            smallest,
                            largest));
        }
        String[] table = new String[largest + 1];
        all.forEach((token, id) -> table[id] = token);
        return table;
    }

    /** The tokens of a text with those that the post-processor adds, as Hugging Face's default. */
    public Encoding encode(String text) {
        return encode(text, true);
    }

    /** The tokens of a text, with or without those that the post-processor adds. */
    public Encoding encode(String text, boolean addSpecialTokens) {
        return finished(body(text), text, addSpecialTokens).encoding();
    }

    /**
     * The same within the limits of the file: no more tokens than its block {@code truncation} says
     * and filled up as its block {@code padding} says, as Hugging Face's tokenizers do with a
     * single text. Tokens that fill up have the range 0 to 0.
     */
    public Encoding encodeWithinLimits(String text, boolean addSpecialTokens) {
        TokenBuffer found = body(text);
        limits.cut(found, addSpecialTokens ? postProcessor.added() : 0);
        return limits.filled(finished(found, text, addSpecialTokens)).encoding();
    }

    private TokenBuffer body(String text) {
        TokenBuffer out = new TokenBuffer(text.length() / 3);
        raw.find(
                Aligned.verbatim(text, 0),
                (token, from, to) -> {
                    if (token != null) {
                        out.add(token.id(), from, to);
                    } else {
                        encode(normalizer.apply(Aligned.part(text, from, to)), out);
                    }
                });
        return out;
    }

    /** The pieces that the model gets of a text, before they are spelled in a byte alphabet. */
    void forEachPiece(String text, Consumer<Aligned> pieces) {
        raw.find(
                Aligned.verbatim(text, 0),
                (token, from, to) -> {
                    if (token == null) {
                        Aligned part = normalizer.apply(Aligned.part(text, from, to));
                        normalized.find(
                                part,
                                (other, begin, end) -> {
                                    if (other == null) {
                                        splitter.split(part.slice(begin, end), pieces);
                                    }
                                });
                    }
                });
    }

    /** Whether an id is part of what decoding gives. */
    boolean isDecoded(int id, boolean skipSpecialTokens) {
        return id >= 0
                && id < tokens.length
                && tokens[id] != null
                && !(skipSpecialTokens && special[id]);
    }

    Decoder decoder() {
        return decoder;
    }

    TokenizerFiles files() {
        return files;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    private TokenBuffer finished(TokenBuffer found, String text, boolean addSpecialTokens) {
        return postProcessor.apply(found, text.length(), addSpecialTokens, this::name);
    }

    private String name(int id) {
        return id < tokens.length && tokens[id] != null ? tokens[id] : "";
    }

    private void encode(Aligned text, TokenBuffer out) {
        Consumer<Aligned> pieces = piece -> tokenize(piece, out);
        normalized.find(
                text,
                (token, from, to) -> {
                    if (token != null) {
                        out.add(token.id(), text.start(from), text.end(to - 1));
                    } else {
                        splitter.split(text.slice(from, to), pieces);
                    }
                });
    }

    private void tokenize(Aligned piece, TokenBuffer out) {
        int from = 0;
        for (int i = 1; i < piece.length() && algorithm.cutsBeforeSpaces(); i++) {
            if (piece.charAt(i) == Algorithm.SPACE && piece.charAt(i - 1) != Algorithm.SPACE) {
                add(piece.slice(from, i), out);
                from = i;
            }
        }
        add(piece.slice(from, piece.length()), out);
    }

    private void add(Aligned piece, TokenBuffer out) {
        out.add(words.tokens(piece), piece);
    }

    /** The text of tokens; ids outside the vocabulary are left out, as Hugging Face does. */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        List<String> run = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        for (int id : ids) {
            if (!isDecoded(id, skipSpecialTokens)) {
                continue;
            }
            if (literal[id] && decoder instanceof Decoder.Bytes) {
                // An added token stands for its own text, which the byte alphabet would garble.
                decodeRun(run, out);
                out.append(tokens[id]);
            } else {
                run.add(tokens[id]);
            }
        }
        decodeRun(run, out);
        return out.toString();
    }

    private void decodeRun(List<String> run, StringBuilder out) {
        decoder.apply(run).forEach(out::append);
        run.clear();
    }

    /** The token of an id as the vocabulary has it: byte-level tokens in their byte alphabet. */
    public String token(int id) {
        if (id < 0 || id >= tokens.length || tokens[id] == null) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "token: expected an id of the vocabulary, 0 to %d, got %d; does the tokenizer belong to the model?",
                            tokens.length - 1,
                            id));
        }
        return tokens[id];
    }

    /** The id of a token of the vocabulary, if it is one. */
    public OptionalInt id(String token) {
        AddedToken extra = added.get(token);
        Integer id = extra != null ? Integer.valueOf(extra.id()) : algorithm.vocab().get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** One more than the largest id: the rows that an embedding needs. */
    public int vocabSize() {
        return tokens.length;
    }

    /** Whether an id is a special token: one that {@code decode} can leave out. */
    public boolean isSpecial(int id) {
        return id >= 0 && id < special.length && special[id];
    }

    /** The token that begins a text, where the files name one. */
    public OptionalInt bosId() {
        return specialIds.bos();
    }

    /** The token that ends a text, where the files name one. */
    public OptionalInt eosId() {
        return specialIds.eos();
    }

    /** The token that fills a batch, where the files name one. */
    public OptionalInt padId() {
        return specialIds.pad();
    }

    /** The token of what the vocabulary lacks, where there is one. */
    public OptionalInt unknownId() {
        int id = algorithm.unknown();
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** What it is made of. */
    public Description describe() {
        return Description.of(files, this, added.values());
    }

    /** Writes tokenizer.json and the files that came with it, byte for byte, into a folder. */
    public void save(Path folder) {
        files.content().forEach((name, bytes) -> Staged.write(folder.resolve(name), bytes));
    }

    @Override
    public String toString() {
        return "Tokenizer["
                + algorithm.getClass().getSimpleName()
                + ", "
                + tokens.length
                + " tokens, added "
                + Arrays.toString(added.keySet().stream().sorted().toArray())
                + "]";
    }
}
