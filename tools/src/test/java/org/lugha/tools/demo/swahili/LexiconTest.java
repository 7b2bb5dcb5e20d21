package org.lugha.tools.demo.swahili;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LexiconTest {
    private static final Lexicon LEXICON = Words.LEXICON;

    @Test
    void theWordListsAreLargeEnough() {
        assertTrue(LEXICON.nouns().size() >= 130, "nouns " + LEXICON.nouns().size());
        assertTrue(stems(LEXICON.adjectives()) >= 40, "adjectives");
        assertTrue(LEXICON.verbs().stream().map(Verb::stem).distinct().count() >= 70, "verbs");
        Set<NounClass> classes = EnumSet.noneOf(NounClass.class);
        LEXICON.nouns().forEach(noun -> classes.add(noun.agreement(false)));
        LEXICON.nouns().stream()
                .filter(Noun::countable)
                .forEach(noun -> classes.add(noun.agreement(true)));
        assertEquals(EnumSet.allOf(NounClass.class), classes);
    }

    private static long stems(List<Adjective> adjectives) {
        return adjectives.stream().map(Adjective::stem).distinct().count();
    }

    @Test
    void nounsPairOneToOneAcrossTheLanguages() {
        Set<String> swahili = new HashSet<>();
        Set<String> english = new HashSet<>();
        for (Noun noun : LEXICON.nouns()) {
            assertTrue(swahili.add(noun.singular()), noun.singular());
            assertTrue(english.add(noun.english()), noun.english());
            if (noun.countable()) {
                assertTrue(english.add(noun.englishPlural()), noun.englishPlural());
                assertFalse(noun.plural().isEmpty());
            }
        }
    }

    @Test
    void prefixesOfNounsAreThoseOfTheirClasses() {
        for (Noun noun : LEXICON.nouns()) {
            assertTrue(prefixed(noun.singular(), noun.singularClass()), noun.singular());
            if (noun.countable()) {
                assertTrue(prefixed(noun.plural(), noun.pluralClass()), noun.plural());
            }
        }
    }

    /** Classes 5, 9 and 10 have no sure sign; meno, meno-like plurals have me- for ma- + i. */
    private static boolean prefixed(String word, NounClass noun) {
        return switch (noun) {
            case C1, C3 -> word.startsWith("m");
            case C2 -> word.startsWith("wa");
            case C4 -> word.startsWith("mi");
            case C6 -> word.startsWith("ma") || word.startsWith("me");
            case C7 -> word.startsWith("ki") || word.startsWith("ch");
            case C8 -> word.startsWith("vi") || word.startsWith("vy");
            case C11 -> word.startsWith("u") || word.startsWith("w");
            case C5, C9, C10 -> true;
        };
    }

    @Test
    void everyAdjectiveDescribesSeveralNounsAndNoEnglishPairHasTwoTranslations() {
        for (Adjective adjective : LEXICON.adjectives()) {
            long fitting = LEXICON.nouns().stream().filter(adjective::fits).count();
            assertTrue(fitting >= 5, adjective.english() + " fits " + fitting);
        }
        for (Noun noun : LEXICON.nouns()) {
            Map<String, String> byEnglish = new HashMap<>();
            Set<String> stems = new HashSet<>();
            for (Adjective adjective : LEXICON.adjectives(noun)) {
                assertNull(byEnglish.put(adjective.english(), adjective.stem()), noun.english());
                assertTrue(stems.add(adjective.stem()), noun.english() + " " + adjective.stem());
            }
        }
    }

    @Test
    void everyVerbHasSubjectsObjectsAndPlaces() {
        for (Verb verb : LEXICON.verbs()) {
            assertFalse(LEXICON.nouns(verb.subjects()).isEmpty(), verb.stem());
            if (verb.transitive()) {
                assertTrue(LEXICON.nouns(verb.objects()).size() >= 4, verb.stem());
            }
            if (!verb.places().isEmpty()) {
                assertFalse(LEXICON.places(verb.places()).isEmpty(), verb.stem());
            }
            boolean oneSyllable =
                    verb.stem().chars().filter(c -> "aeiou".indexOf(c) >= 0).count() == 1;
            assertEquals(oneSyllable, verb.monosyllabic(), verb.stem());
        }
    }

    @Test
    void anEnglishVerbWithItsObjectHasOneTranslation() {
        Map<String, String> translations = new HashMap<>();
        for (Verb verb : LEXICON.verbs()) {
            List<Noun> objects = new ArrayList<>(LEXICON.nouns(verb.objects()));
            for (Noun object : objects) {
                String key = verb.english().base() + " " + object.english();
                assertNull(translations.put(key, verb.stem()), key);
            }
        }
        Set<String> intransitive =
                LEXICON.verbs().stream()
                        .filter(verb -> !verb.transitive())
                        .map(verb -> verb.english().base())
                        .collect(Collectors.toSet());
        assertEquals(
                intransitive.size(), LEXICON.verbs().stream().filter(v -> !v.transitive()).count());
    }

    @Test
    void everyTagThatAWordAsksForIsCarriedByANounOrPlace() {
        Set<String> nounTags = new HashSet<>(Set.of("*"));
        LEXICON.nouns().forEach(noun -> nounTags.addAll(noun.tags()));
        Set<String> placeTags = new HashSet<>();
        LEXICON.places().forEach(place -> placeTags.addAll(place.tags()));
        for (Adjective adjective : LEXICON.adjectives()) {
            assertTrue(nounTags.containsAll(adjective.tags()), adjective.english());
        }
        for (Verb verb : LEXICON.verbs()) {
            assertTrue(nounTags.containsAll(verb.subjects()), verb.stem());
            assertTrue(nounTags.containsAll(verb.objects()), verb.stem() + verb.objects());
            assertTrue(placeTags.containsAll(verb.places()), verb.stem());
        }
    }
}
