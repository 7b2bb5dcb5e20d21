package org.lugha.tools.demo.swahili;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * English sentences of at most nine words with their Swahili translations. Every list is a fixed
 * function of its arguments: the same seed gives the same sentences on every machine.
 *
 * <p>A combination of words is an adjective with its noun (attribute or predicate) or a verb,
 * "have" included, with its object noun, whatever their inflections. A fixed hash reserves 8 of 100
 * combinations for held-out sentences.
 */
public final class PhraseGrammar {
    private static final Lexicon LEXICON = Lexicon.load();
    private static final long TRAIN = 0x7472L;
    private static final long HELD_OUT = 0x686FL;
    private static final long ENGLISH = 0x656EL;
    private static final long SWAHILI = 0x7377L;

    private PhraseGrammar() {}

    /**
     * Distinct pairs, reserved combinations included.
     *
     * @throws IllegalArgumentException if the grammar does not yield that many
     */
    public static List<Pair> pairs(int count, long seed) {
        return distinct(count, new SentenceSource(LEXICON, seed), c -> true, Clause::pair);
    }

    /**
     * Pairs to learn from and pairs to measure on. No training pair holds a reserved combination;
     * every held-out pair holds at least one, and each of its words, in both languages, occurs in a
     * training pair. No sentence of either language is in both lists.
     *
     * @throws IllegalArgumentException if the training pairs are too few to cover the words of that
     *     many held-out ones, or the grammar does not yield that many
     */
    public static Split split(int train, int heldOut, long seed) {
        List<Pair> learned = distinct(train, source(seed, TRAIN), c -> !reserved(c), Clause::pair);
        Set<String> words = new HashSet<>();
        learned.forEach(pair -> words(pair).forEach(words::add));
        Predicate<Clause> unseen = c -> reserved(c) && words(c.pair()).allMatch(words::contains);
        return new Split(learned, distinct(heldOut, source(seed, HELD_OUT), unseen, Clause::pair));
    }

    /** Distinct English sentences without reserved combinations, drawn apart from the Swahili. */
    public static List<String> english(int count, long seed) {
        return distinct(count, source(seed, ENGLISH), c -> !reserved(c), c -> c.pair().english());
    }

    /** Distinct Swahili sentences without reserved combinations, drawn apart from the English. */
    public static List<String> swahili(int count, long seed) {
        return distinct(count, source(seed, SWAHILI), c -> !reserved(c), c -> c.pair().swahili());
    }

    static boolean reserved(Clause clause) {
        return clause.combinations().anyMatch(Combination::reserved);
    }

    /**
     * The words of both languages, the English ones marked so that none passes for a Swahili one.
     */
    static Stream<String> words(Pair pair) {
        return Stream.concat(
                words(pair.english()).map(word -> "en:" + word), words(pair.swahili()));
    }

    private static Stream<String> words(String sentence) {
        return Arrays.stream(sentence.toLowerCase(Locale.ROOT).replace(".", "").split(" ", -1));
    }

    private static SentenceSource source(long seed, long purpose) {
        return new SentenceSource(LEXICON, SplitMix64.mix(seed) ^ purpose);
    }

    private static <T> List<T> distinct(
            int count, SentenceSource source, Predicate<Clause> wanted, Function<Clause, T> form) {
        Set<T> found = new LinkedHashSet<>();
        long attempts = 1000L * count + 100_000L;
        while (found.size() < count) {
            if (attempts-- == 0) {
                throw new IllegalArgumentException(
                        "phrase grammar - expected "
                                + count
                                + " sentences - found "
                                + found.size()
                                + " - ask for fewer or for more training pairs");
            }
            Clause clause = source.next();
            if (wanted.test(clause)) {
                found.add(form.apply(clause));
            }
        }
        return new ArrayList<>(found);
    }
}
