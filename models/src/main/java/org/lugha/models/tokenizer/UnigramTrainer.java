package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Trains a Unigram vocabulary over words cut before spaces: only the distinct words of the texts
 * are kept, with 64-bit counts; their frequent parts are the seeds of which the likeliest pieces
 * are chosen. Equal texts and options give equal bytes, whatever the number of threads.
 */
public final class UnigramTrainer implements TokenizerTrainer {
    private final UnigramOptions options;
    private final int threads;
    private final TrainedFiles files;
    private final TextCounter counter;

    private record Scored(String text, double score) {}

    /** On as many threads as there are processors. */
    public UnigramTrainer(UnigramOptions options) {
        this(options, Runtime.getRuntime().availableProcessors());
    }

    public UnigramTrainer(UnigramOptions options, int threads) {
        this.options = options;
        this.threads = threads;
        this.files = TrainedFiles.of(options);
        this.counter =
                new TextCounter(
                        Normalizer.parse(files.normalizer()),
                        Splitter.parse(files.preTokenizer()),
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
        Alphabet alphabet = Alphabet.of(words, options.coverage());
        if (options.byteFallback()) {
            // A text with the name of a byte in it is then not taken for that byte.
            alphabet.add("<0x123456789ABCDEF>");
        }
        int characters = alphabet.characters().length;
        int fixed = options.special().all().size() + (options.byteFallback() ? 256 : 0);
        TrainedFiles.requireRoom(
                options.vocabSize(), options.special(), options.byteFallback(), characters);
        CountedText text = new CountedText(words, alphabet);
        words.release();
        UnigramLearner learner = new UnigramLearner(text, options.longest(), threads);
        int wanted = options.vocabSize() - fixed - text.unused();
        learner.learn(wanted, left -> progress.at(wanted, left));
        return new Tokenizer(files.with(model(learned(learner, text, alphabet))));
    }

    /**
     * Likeliest first; characters of the alphabet that do not occur are as likely as the rarest.
     */
    private List<Scored> learned(UnigramLearner learner, CountedText text, Alphabet alphabet) {
        List<Scored> all = new ArrayList<>();
        Set<String> known = new HashSet<>(options.special().all());
        double least = 0;
        for (int i = 0; i < learner.pieces().length; i++) {
            String piece = text.text(learner.pieces()[i]);
            least = Math.min(least, learner.scores()[i]);
            if (known.add(piece)) {
                all.add(new Scored(piece, learner.scores()[i]));
            }
        }
        for (int c : alphabet.characters()) {
            if (known.add(Character.toString(c))) {
                all.add(new Scored(Character.toString(c), least));
            }
        }
        all.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::text));
        return all;
    }

    /** Bytes are so unlikely that their names in a text are read as characters. */
    private ObjectNode model(List<Scored> pieces) {
        ObjectNode model = Json.MAPPER.createObjectNode().put("type", "Unigram");
        List<String> special = options.special().all();
        model.put("unk_id", special.indexOf(options.special().unknown().orElseThrow()));
        ArrayNode vocab = model.putArray("vocab");
        special.forEach(token -> vocab.addArray().add(token).add(0.0));
        if (options.byteFallback()) {
            double least = pieces.isEmpty() ? 0 : pieces.getLast().score();
            double rare = Math.rint(8 * least) - 8;
            ByteTokens.names().forEach(token -> vocab.addArray().add(token).add(rare));
        }
        for (Scored piece : pieces) {
            vocab.addArray().add(piece.text()).add(piece.score());
        }
        return model.put("byte_fallback", options.byteFallback());
    }
}
