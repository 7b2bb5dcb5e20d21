package org.lugha.tools.demo.swahili;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PhraseGrammarTest {
    private static final Split SPLIT = PhraseGrammar.split(8_000, 500, 7);

    /** The reference outputs of SplitMix64 for the seed 1234567. */
    @Test
    void theGeneratorIsSplitMix64() {
        SplitMix64 random = new SplitMix64(1234567);
        assertEquals(6457827717110365317L, random.next());
        assertEquals(3203168211198807973L, random.next());
        assertEquals(-8629252141511181193L, random.next());
    }

    @Property
    void aSeedGivesTheSameDistinctPairs(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        List<Pair> pairs = PhraseGrammar.pairs(count, seed);
        assertEquals(count, pairs.size());
        assertEquals(count, new HashSet<>(pairs).size());
        assertEquals(pairs, PhraseGrammar.pairs(count, seed));
    }

    @Property
    void sentencesAreWellFormed(@ForAll long seed) {
        for (Pair pair : PhraseGrammar.pairs(20, seed)) {
            int words = pair.english().split(" ", -1).length;
            assertTrue(words >= 2 && words <= 9, pair.english());
            assertTrue(pair.english().matches("[A-Z][A-Za-z ]*\\."), pair.english());
            assertTrue(pair.swahili().matches("[A-Z][a-z' ]*\\."), pair.swahili());
            assertFalse(pair.english().contains("  "), pair.english());
            assertFalse(pair.swahili().contains("  "), pair.swahili());
        }
    }

    @Test
    void anEnglishSentenceHasOneTranslation() {
        Map<String, String> translations = new HashMap<>();
        for (Pair pair : PhraseGrammar.pairs(60_000, 3)) {
            String other = translations.put(pair.english(), pair.swahili());
            assertTrue(other == null || other.equals(pair.swahili()), pair.english());
        }
        assertEquals(60_000, translations.size());
    }

    @Test
    void trainingAndHeldOutSentencesAreApartInBothLanguages() {
        assertEquals(8_000, SPLIT.train().size());
        assertEquals(500, SPLIT.heldOut().size());
        Set<String> learned = sentences(SPLIT.train());
        Set<String> unseen = sentences(SPLIT.heldOut());
        unseen.retainAll(learned);
        assertEquals(Set.of(), unseen);
    }

    private static Set<String> sentences(List<Pair> pairs) {
        return pairs.stream()
                .flatMap(pair -> Stream.of("en " + pair.english(), "sw " + pair.swahili()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void everyHeldOutWordOccursInTraining() {
        Set<String> known =
                SPLIT.train().stream().flatMap(PhraseGrammar::words).collect(Collectors.toSet());
        SPLIT.heldOut()
                .forEach(pair ->
                        PhraseGrammar.words(pair)
                                .forEach(word -> assertTrue(known.contains(word), word)));
    }

    /**
     * Looks for the reserved combinations in the words themselves, apart from how they were drawn.
     */
    @Test
    void reservedCombinationsOccurInHeldOutSentencesOnly() {
        Map<String, Clause> clauses = new HashMap<>();
        SentenceSource source = new SentenceSource(Words.LEXICON, 11);
        for (int i = 0; i < 40_000; i++) {
            Clause clause = source.next();
            clauses.put(clause.pair().english(), clause);
        }
        Set<String> train = SPLIT.train().stream().map(Pair::english).collect(Collectors.toSet());
        Set<String> heldOut =
                SPLIT.heldOut().stream().map(Pair::english).collect(Collectors.toSet());
        int met = 0;
        for (Map.Entry<String, Clause> entry : clauses.entrySet()) {
            boolean reserved = entry.getValue().combinations().anyMatch(Combination::reserved);
            assertFalse(reserved && train.contains(entry.getKey()), entry.getKey());
            assertFalse(!reserved && heldOut.contains(entry.getKey()), entry.getKey());
            met += train.contains(entry.getKey()) || heldOut.contains(entry.getKey()) ? 1 : 0;
        }
        assertTrue(met > 100, "only " + met + " sentences met");
    }

    @Test
    void aboutEightOfAHundredCombinationsAreReserved() {
        int all = 0;
        int reserved = 0;
        for (Noun noun : Words.LEXICON.nouns()) {
            for (Adjective adjective : Words.LEXICON.adjectives(noun)) {
                all++;
                reserved += new Combination(adjective.stem(), noun.singular()).reserved() ? 1 : 0;
            }
        }
        assertTrue(reserved > all * 5 / 100 && reserved < all * 11 / 100, reserved + "/" + all);
    }

    @Test
    void plainTextsHoldNoHeldOutSentenceAndAreNotAligned() {
        List<String> english = PhraseGrammar.english(2_000, 7);
        List<String> swahili = PhraseGrammar.swahili(2_000, 7);
        assertEquals(2_000, new HashSet<>(english).size());
        assertEquals(2_000, new HashSet<>(swahili).size());
        assertEquals(english, PhraseGrammar.english(2_000, 7));
        assertNotEquals(english, PhraseGrammar.english(2_000, 8));
        Set<String> unseen = sentences(SPLIT.heldOut());
        assertTrue(english.stream().noneMatch(s -> unseen.contains("en " + s)));
        assertTrue(swahili.stream().noneMatch(s -> unseen.contains("sw " + s)));
        Map<String, String> translations = new HashMap<>();
        PhraseGrammar.pairs(20_000, 7).forEach(p -> translations.put(p.english(), p.swahili()));
        for (int i = 0; i < english.size(); i++) {
            assertNotEquals(swahili.get(i), translations.get(english.get(i)));
        }
    }

    @Test
    void tooFewTrainingPairsAreRefused() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> PhraseGrammar.split(1, 50, 1));
        assertTrue(error.getMessage().contains("phrase grammar"), error.getMessage());
    }
}
