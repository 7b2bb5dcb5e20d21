package org.lugha.models.tokenizer;

import java.util.stream.Stream;

/** Counts the words of texts and then learns a vocabulary of them, once. For one thread's use. */
public sealed interface TokenizerTrainer permits BpeTrainer, UnigramTrainer {
    /** How far training is, in units of its own. */
    @FunctionalInterface
    interface Progress {
        /** Nobody is told. */
        Progress NONE = (_, _) -> {};

        void at(long done, long total);
    }

    /** Counts the words of a text: a line or a document; line ends in it are counted like words. */
    void add(String text);

    /** Counts the words of many texts. */
    default void addAll(Stream<String> texts) {
        texts.forEachOrdered(this::add);
    }

    /** How many different words there are, once all texts have been added. */
    int distinctWords();

    /** How many words there are, once all texts have been added. */
    long words();

    /** Learns the vocabulary; the tokenizer can be used, and saved, at once. */
    Tokenizer train(Progress progress);

    /** The same in silence. */
    default Tokenizer train() {
        return train(Progress.NONE);
    }
}
