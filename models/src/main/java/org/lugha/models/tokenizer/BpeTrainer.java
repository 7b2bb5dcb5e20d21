package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Trains a BPE vocabulary: only the distinct words of the texts are kept, with 64-bit counts; then
 * the most frequent pair of adjacent tokens is merged, of equally frequent ones the pair with the
 * smallest ids, until the vocabulary is full. Equal texts and options give equal bytes, whatever
 * the number of threads.
 */
public final class BpeTrainer implements TokenizerTrainer {
    private final BpeOptions options;
    private final TrainedFiles files;
    private final TextCounter counter;

    /** Counts on as many threads as there are processors. */
    public BpeTrainer(BpeOptions options) {
        this(options, Runtime.getRuntime().availableProcessors());
    }

    public BpeTrainer(BpeOptions options, int threads) {
        this.options = options;
        this.files = TrainedFiles.of(options);
        this.counter =
                new TextCounter(
                        Normalizer.parse(files.normalizer()),
                        Splitter.parseApart(files.preTokenizer()).splitter(),
                        threads);
    }

    @Override
    public void add(String text) {
        counter.add(text);
    }

    @Override
    public int distinctWords() {
        return counter.words().size();
    }

    @Override
    public long words() {
        return counter.words().total();
    }

    @Override
    public Tokenizer train(Progress progress) {
        WordCounts words = counter.words();
        BpeLearner learner = options.byteFallback() ? ofCharacters(words) : ofBytes(words);
        words.release();
        learner.learn(
                options.vocabSize(),
                Math.max(1, options.minFrequency()),
                n -> progress.at(n, options.vocabSize()));
        return new Tokenizer(files.with(model(learner)));
    }

    private BpeLearner ofBytes(WordCounts words) {
        int[] sorted = IntStream.range(0, 256).map(ByteAlphabet::toChar).sorted().toArray();
        List<String> tokens = new ArrayList<>(options.special().all());
        int[] ids = new int[256];
        for (int c : sorted) {
            ids[ByteAlphabet.toByte((char) c)] = tokens.size();
            tokens.add(Character.toString(c));
        }
        BpeLearner learner = new BpeLearner(tokens);
        int[] symbols = new int[256];
        for (int w = 0; w < words.size(); w++) {
            int n = words.length(w);
            symbols = symbols.length < n ? new int[2 * n] : symbols;
            byte[] block = words.block(w);
            int from = words.offset(w);
            for (int i = 0; i < n; i++) {
                symbols[i] = ids[block[from + i] & 0xFF];
            }
            learner.add(symbols, 0, n, words.count(w));
        }
        return learner;
    }

    private BpeLearner ofCharacters(WordCounts words) {
        Alphabet alphabet = Alphabet.of(words, options.coverage());
        List<String> tokens = new ArrayList<>(options.special().all());
        tokens.addAll(ByteTokens.names());
        int first = tokens.size();
        for (int c : alphabet.characters()) {
            tokens.add(Character.toString(c));
        }
        TrainedFiles.requireRoom(
                options.vocabSize(), options.special(), true, tokens.size() - first);
        BpeLearner learner = new BpeLearner(tokens);
        int[] numbers = alphabet.numbers();
        int[] symbols = new int[256];
        for (int w = 0; w < words.size(); w++) {
            int most = words.length(w);
            symbols = symbols.length < most ? new int[2 * most] : symbols;
            int n = Alphabet.decode(words, w, symbols);
            int from = 0;
            for (int i = 0; i <= n; i++) {
                int number = i < n ? numbers[symbols[i]] : -1;
                if (number >= 0) {
                    symbols[i] = first + number;
                } else {
                    // No token reaches over a character that is spelled in bytes.
                    learner.add(symbols, from, i, words.count(w));
                    from = i + 1;
                }
            }
        }
        return learner;
    }

    private ObjectNode model(BpeLearner learner) {
        boolean characters = options.byteFallback();
        ObjectNode model = Json.MAPPER.createObjectNode().put("type", "BPE").putNull("dropout");
        if (characters) {
            model.put("unk_token", options.special().unknown().orElseThrow());
        } else {
            model.putNull("unk_token");
        }
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", characters).put("byte_fallback", characters);
        model.put("ignore_merges", false);
        ObjectNode vocab = model.putObject("vocab");
        List<String> tokens = learner.tokens();
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
        }
        learner.merges().forEach(model.putArray("merges")::add);
        return model;
    }
}
