package org.lugha.tools.demo.swahili;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conjugations checked by hand against the standard grammars (Ashton, lessons on the tenses -na-,
 * -li-, -ta-, -me- and their negatives, on monosyllabic verbs and on object prefixes; Mohamed,
 * verbal inflection): the fused negatives si-, hu-, ha-, the final -i of the negative present, the
 * unchanged vowel of Arabic stems, -ku- of monosyllabic stems.
 */
class VerbFormTest {
    @ParameterizedTest(name = "{0} soma {1}")
    @CsvSource({
        "I, PRESENT, ninasoma, sisomi", "YOU, PRESENT, unasoma, husomi",
        "HE, PRESENT, anasoma, hasomi", "SHE, PAST, alisoma, hakusoma",
        "WE, PRESENT, tunasoma, hatusomi", "YOU_ALL, PRESENT, mnasoma, hamsomi",
        "THEY, PRESENT, wanasoma, hawasomi", "I, PAST, nilisoma, sikusoma",
        "YOU, FUTURE, utasoma, hutasoma", "WE, FUTURE, tutasoma, hatutasoma",
        "I, PERFECT, nimesoma, sijasoma", "YOU_ALL, PERFECT, mmesoma, hamjasoma",
        "THEY, PERFECT, wamesoma, hawajasoma",
    })
    void pronounsConjugate(Pronoun who, Tense tense, String affirmative, String negative) {
        assertBoth(VerbForm.of("soma", false), who.concord(), tense, affirmative, negative);
    }

    @ParameterizedTest(name = "{0} anguka {1}")
    @CsvSource({
        "C1, PAST, alianguka, hakuanguka", "C2, PAST, walianguka, hawakuanguka",
        "C3, PAST, ulianguka, haukuanguka", "C4, PAST, ilianguka, haikuanguka",
        "C5, PAST, lilianguka, halikuanguka", "C6, PAST, yalianguka, hayakuanguka",
        "C7, PRESENT, kinaanguka, hakianguki", "C8, FUTURE, vitaanguka, havitaanguka",
        "C9, PERFECT, imeanguka, haijaanguka", "C10, PERFECT, zimeanguka, hazijaanguka",
        "C11, PERFECT, umeanguka, haujaanguka",
    })
    void nounClassesConjugate(NounClass who, Tense tense, String affirmative, String negative) {
        assertBoth(VerbForm.of("anguka", false), who.subject(), tense, affirmative, negative);
    }

    @ParameterizedTest(name = "-{0} {1}")
    @CsvSource({
        "la, PRESENT, anakula, hali", "la, PAST, alikula, hakula",
        "la, FUTURE, atakula, hatakula", "la, PERFECT, amekula, hajala",
        "nywa, PRESENT, anakunywa, hanywi", "nywa, PAST, alikunywa, hakunywa",
        "ja, PRESENT, anakuja, haji", "ja, FUTURE, atakuja, hatakuja",
        "ja, PERFECT, amekuja, hajaja", "wa, PAST, alikuwa, hakuwa",
        "wa, FUTURE, atakuwa, hatakuwa",
    })
    void monosyllabicStemsKeepKu(String stem, Tense tense, String affirmative, String negative) {
        SubjectConcord he = Pronoun.HE.concord();
        assertBoth(VerbForm.of(stem, true), he, tense, affirmative, negative);
    }

    @ParameterizedTest(name = "-{0} in the negative present")
    @CsvSource({
        "jibu, anajibu, hajibu", "samehe, anasamehe, hasamehe", "fikiri, anafikiri, hafikiri",
        "sahau, anasahau, hasahau", "rudi, anarudi, harudi", "hitaji, anahitaji, hahitaji",
        "vaa, anavaa, havai", "lia, analia, halii", "nunua, ananunua, hanunui",
        "ogelea, anaogelea, haogelei",
    })
    void onlyAFinalATurnsIntoI(String stem, String affirmative, String negative) {
        SubjectConcord he = Pronoun.HE.concord();
        assertBoth(VerbForm.of(stem, false), he, Tense.PRESENT, affirmative, negative);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "ona, m, anamwona, hamwoni", "ona, wa, anawaona, hawaoni",
        "ita, m, anamwita, hamwiti", "saidia, m, anamsaidia, hamsaidii",
        "fukuza, wa, anawafukuza, hawafukuzi", "uliza, m, anamuuliza, hamuulizi",
    })
    void objectPrefixesStandBeforeTheStem(
            String stem, String object, String affirmative, String negative) {
        VerbForm form = new VerbForm(stem, false, object);
        assertBoth(form, Pronoun.SHE.concord(), Tense.PRESENT, affirmative, negative);
    }

    @Test
    void theObjectPrefixReplacesKuAndGlidesMeetVowels() {
        SubjectConcord they = Pronoun.THEY.concord();
        assertEquals(
                "wanamla", new VerbForm("la", true, "m").conjugate(they, Tense.PRESENT, false));
        VerbForm see = VerbForm.of("ona", false);
        SubjectConcord youAll = Pronoun.YOU_ALL.concord();
        assertEquals("hamwoni", see.conjugate(youAll, Tense.PRESENT, true));
        assertEquals("hamkuona", see.conjugate(youAll, Tense.PAST, true));
    }

    private static void assertBoth(
            VerbForm form,
            SubjectConcord subject,
            Tense tense,
            String affirmative,
            String negative) {
        assertEquals(affirmative, form.conjugate(subject, tense, false));
        assertEquals(negative, form.conjugate(subject, tense, true));
    }
}
