package org.lugha.tools.demo.swahili;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Noun phrases checked by hand against the standard grammars (Ashton, concords of each class, the
 * possessives, the demonstratives h- and -le, the numerals, the concord of animate nouns; Mohamed,
 * noun classes and agreement).
 */
class NounPhraseTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "this child, mtoto huyu", "these children, watoto hawa", "that child, mtoto yule",
        "those children, watoto wale", "this tree, mti huu", "these trees, miti hii",
        "that tree, mti ule", "those trees, miti ile", "this egg, yai hili",
        "these eggs, mayai haya", "that egg, yai lile", "those eggs, mayai yale",
        "this book, kitabu hiki", "these books, vitabu hivi", "that book, kitabu kile",
        "those books, vitabu vile", "this house, nyumba hii", "these houses, nyumba hizi",
        "that house, nyumba ile", "those houses, nyumba zile", "this key, ufunguo huu",
        "these keys, funguo hizi", "that key, ufunguo ule", "those keys, funguo zile",
    })
    void demonstrativesAgree(String english, String swahili) {
        assertPhrase(english, swahili);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "my child, mtoto wangu", "my bags, mifuko yangu", "my car, gari langu",
        "my cars, magari yangu", "my book, kitabu changu", "my books, vitabu vyangu",
        "my house, nyumba yangu", "my houses, nyumba zangu", "my key, ufunguo wangu",
        "our keys, funguo zetu", "your bag, mfuko wako", "his shirt, shati lake",
        "her teeth, meno yake", "our chair, kiti chetu", "their cups, vikombe vyao",
        "their pens, kalamu zao", "our car, gari letu", "their language, lugha yao",
        "my dog, mbwa wangu", "our doctors, madaktari wetu", "his leaders, viongozi wake",
    })
    void possessivesAgree(String english, String swahili) {
        assertPhrase(english, swahili);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "one person, mtu mmoja",
        "two people, watu wawili",
        "three men, wanaume watatu",
        "four loaves, mikate minne",
        "five mangoes, maembe matano",
        "six cups, vikombe sita",
        "seven lamps, taa saba",
        "eight knives, visu vinane",
        "nine tables, meza tisa",
        "ten oranges, machungwa kumi",
        "two houses, nyumba mbili",
        "two songs, nyimbo mbili",
        "one wall, ukuta mmoja",
        "one door, mlango mmoja",
        "one stone, jiwe moja",
        "one room, chumba kimoja",
        "two dogs, mbwa wawili",
        "two lions, simba wawili",
        "three friends, marafiki watatu",
        "two frogs, vyura wawili",
        "many women, wanawake wengi",
        "many rivers, mito mingi",
        "many flowers, maua mengi",
        "many villages, vijiji vingi",
        "many seeds, mbegu nyingi",
        "a few students, wanafunzi wachache",
        "a few baskets, vikapu vichache",
        "another teacher, mwalimu mwingine",
        "other trees, miti mingine",
        "another stone, jiwe jingine",
        "other names, majina mengine",
        "another cup, kikombe kingine",
        "another road, barabara nyingine",
    })
    void quantitiesAgree(String english, String swahili) {
        assertPhrase(english, swahili);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the tall tree, mti mrefu",
        "the tall houses, nyumba ndefu",
        "the sharp knife, kisu kikali",
        "the sharp axe, shoka kali",
        "the sharp razors, nyembe kali",
        "the new car, gari jipya",
        "the new cars, magari mapya",
        "the new watch, saa mpya",
        "the clean shirts, mashati safi",
        "the dirty water, maji machafu",
        "the sweet milk, maziwa matamu",
        "the thick walls, kuta nene",
        "the ripe bananas, ndizi mbivu",
        "the unripe mango, embe bichi",
        "the rotten eggs, mayai mabovu",
        "the old carpenter, seremala mzee",
        "the old coat, koti kuukuu",
        "the old books, vitabu vikuukuu",
        "the red flower, ua jekundu",
        "the black thread, uzi mweusi",
        "the white cups, vikombe vyeupe",
        "the honest people, watu waaminifu",
        "the kind doctor, daktari mwema",
        "the clever youths, vijana werevu",
        "the sick donkeys, punda wagonjwa",
        "the fierce leopard, chui mkali",
        "the difficult question, swali gumu",
        "the difficult languages, lugha ngumu",
        "the empty bottle, chupa tupu",
        "the heavy loads, mizigo mizito",
        "the light basket, kikapu chepesi",
        "the narrow doors, milango myembamba",
        "the wide road, barabara pana",
        "the dry leaves, majani makavu",
        "the short ropes, kamba fupi",
    })
    void adjectivesAgree(String english, String swahili) {
        assertPhrase(english, swahili);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "my nice books, vitabu vyangu vizuri", "these short children, watoto hawa wafupi",
        "that big house, nyumba ile kubwa", "two red cups, vikombe vyekundu viwili",
        "four tall trees, miti mirefu minne", "another important question, swali jingine muhimu",
        "ten cheap pens, kalamu rahisi kumi", "your new shoe, kiatu chako kipya",
    })
    void modifiersKeepTheirOrder(String english, String swahili) {
        assertPhrase(english, swahili);
    }

    @Test
    void animalsOfClassTenTakeNoPossessiveInThePlural() {
        Noun dog = Words.phrase("the dog").noun();
        assertTrue(dog.takesPossessive(false));
        assertFalse(dog.takesPossessive(true));
        assertFalse(Words.phrase("the friend").noun().takesPossessive(false));
    }

    private static void assertPhrase(String english, String swahili) {
        NounPhrase phrase = Words.phrase(english);
        assertEquals(english, phrase.english());
        assertEquals(swahili, phrase.swahili());
    }
}
