package org.lugha.tools.demo.swahili;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** English inflection: regular rules here, irregular forms in the word lists. */
class EnglishFormsTest {
    @ParameterizedTest
    @CsvSource({
        "book, books",
        "box, boxes",
        "watch, watches",
        "butterfly, butterflies",
        "boy, boys"
    })
    void regularPlurals(String singular, String plural) {
        assertEquals(plural, EnglishForms.plural(singular));
    }

    @ParameterizedTest
    @CsvSource({
        "child, children",
        "person, people",
        "woman, women",
        "tooth, teeth",
        "knife, knives",
        "loaf, loaves",
        "leaf, leaves",
        "potato, potatoes",
        "fisherman, fishermen"
    })
    void irregularPlurals(String singular, String plural) {
        assertEquals(plural, Words.phrase("the " + singular).noun().englishPlural());
    }

    @ParameterizedTest
    @CsvSource({
        "see, sees",
        "wash, washes",
        "carry, carries",
        "play, plays",
        "look for, looks for",
        "break down, breaks down",
        "finish, finishes",
        "touch, touches"
    })
    void thirdPersons(String base, String third) {
        assertEquals(third, EnglishForms.thirdSingular(base));
    }

    @ParameterizedTest
    @CsvSource({
        "wash, washed",
        "like, liked",
        "carry, carried",
        "play, played",
        "wait for, waited for"
    })
    void regularPasts(String base, String past) {
        assertEquals(past, EnglishForms.past(base));
    }

    @ParameterizedTest
    @CsvSource({
        "teacher, a",
        "axe, an",
        "honest man, an",
        "unripe mango, an",
        "house, a",
        "hoe, a"
    })
    void articles(String next, String article) {
        assertEquals(article, EnglishForms.article(next));
    }

    @ParameterizedTest
    @CsvSource({
        "PRESENT, sees, does not see", "PAST, saw, did not see",
        "FUTURE, will see, will not see", "PERFECT, has seen, has not yet seen"
    })
    void tensesOfAThirdPerson(Tense tense, String affirmative, String negative) {
        EnglishVerb see = new EnglishVerb("see", "saw", "seen");
        assertEquals(affirmative, see.phrase(Agreement.THIRD_SINGULAR, tense, false));
        assertEquals(negative, see.phrase(Agreement.THIRD_SINGULAR, tense, true));
    }

    @Test
    void tensesOfOtherPersons() {
        EnglishVerb see = new EnglishVerb("see", "saw", "seen");
        assertEquals("see", see.phrase(Agreement.PLURAL, Tense.PRESENT, false));
        assertEquals("do not see", see.phrase(Agreement.FIRST_SINGULAR, Tense.PRESENT, true));
        assertEquals("have seen", see.phrase(Agreement.PLURAL, Tense.PERFECT, false));
    }

    @Test
    void formsOfBe() {
        assertEquals("am", EnglishVerb.be(Agreement.FIRST_SINGULAR, Tense.PRESENT, false));
        assertEquals("is not", EnglishVerb.be(Agreement.THIRD_SINGULAR, Tense.PRESENT, true));
        assertEquals("was", EnglishVerb.be(Agreement.FIRST_SINGULAR, Tense.PAST, false));
        assertEquals("were not", EnglishVerb.be(Agreement.PLURAL, Tense.PAST, true));
        assertEquals("will not be", EnglishVerb.be(Agreement.PLURAL, Tense.FUTURE, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> EnglishVerb.be(Agreement.PLURAL, Tense.PERFECT, false));
    }

    @Test
    void aPastLikeThePresentIsAmbiguousOutsideTheThirdPerson() {
        EnglishVerb cut = new EnglishVerb("cut", "cut", "cut");
        assertTrue(cut.ambiguous(Agreement.PLURAL, Tense.PAST, false));
        assertTrue(cut.ambiguous(Agreement.FIRST_SINGULAR, Tense.PRESENT, false));
        assertFalse(cut.ambiguous(Agreement.THIRD_SINGULAR, Tense.PAST, false));
        assertFalse(cut.ambiguous(Agreement.PLURAL, Tense.PAST, true));
        assertFalse(cut.ambiguous(Agreement.PLURAL, Tense.FUTURE, false));
    }
}
