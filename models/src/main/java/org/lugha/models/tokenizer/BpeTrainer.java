package org.lugha.models.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains a byte-level BPE vocabulary: texts are added one by one and only their distinct words are
 * kept, with 64-bit counts; then the most frequent pair of adjacent tokens is merged, of equally
 * frequent ones the pair with the smallest ids, until the vocabulary is full. Equal texts and
 * options give equal bytes.
 */
public final class BpeTrainer {
    private final BpeOptions options;
    private final BpeFiles files;
    private final Normalizer normalizer;
    private final Splitter splitter;
    private final Map<String, long[]> words = new HashMap<>();

    public BpeTrainer(BpeOptions options) {
        this.options = options;
        this.files = new BpeFiles(options);
        this.normalizer = Normalizer.parse(files.normalizer());
        this.splitter = Splitter.parse(options.split().block());
    }

    /** Counts the words of a text: a line or a document; line ends in it are counted like words. */
    public void add(String text) {
        if (!text.isEmpty()) {
            Aligned normal = normalizer.apply(Aligned.verbatim(text, 0));
            splitter.split(normal, w -> words.computeIfAbsent(w.text(), _ -> new long[1])[0]++);
        }
    }

    /** Counts the words of many texts. */
    public void addAll(Stream<String> texts) {
        texts.forEachOrdered(this::add);
    }

    /** Learns the merges; the tokenizer can be used, and saved, at once. */
    public Tokenizer train() {
        BpeLearner learner = new BpeLearner(options.special().all());
        words.forEach((word, count) -> learner.add(word, count[0]));
        learner.learn(options.vocabSize(), Math.max(1, options.minFrequency()));
        return new Tokenizer(files.of(learner.tokens(), learner.merges()));
    }
}
