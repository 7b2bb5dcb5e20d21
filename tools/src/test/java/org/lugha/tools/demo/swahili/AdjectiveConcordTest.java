package org.lugha.tools.demo.swahili;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The concord tables of adjectives and numerals, checked by hand against the standard grammars
 * (Ashton, "Swahili Grammar", the lessons on adjectives of each class and on numerals; Mohamed,
 * "Modern Swahili Grammar", adjectival concords): consonant stems, vowel stems in e and i, the
 * nasal of classes 9 and 10, and the one-syllable -pya.
 */
class AdjectiveConcordTest {
    @ParameterizedTest(name = "-{0}")
    @CsvSource({
        // stem, classes 1 to 11
        "zuri, mzuri wazuri mzuri mizuri zuri mazuri kizuri vizuri nzuri nzuri mzuri",
        "baya, mbaya wabaya mbaya mibaya baya mabaya kibaya vibaya mbaya mbaya mbaya",
        "kubwa, mkubwa wakubwa mkubwa mikubwa kubwa makubwa kikubwa vikubwa kubwa kubwa mkubwa",
        "dogo, mdogo wadogo mdogo midogo dogo madogo kidogo vidogo ndogo ndogo mdogo",
        "refu, mrefu warefu mrefu mirefu refu marefu kirefu virefu ndefu ndefu mrefu",
        "fupi, mfupi wafupi mfupi mifupi fupi mafupi kifupi vifupi fupi fupi mfupi",
        "gumu, mgumu wagumu mgumu migumu gumu magumu kigumu vigumu ngumu ngumu mgumu",
        "vivu, mvivu wavivu mvivu mivivu vivu mavivu kivivu vivivu mvivu mvivu mvivu",
        "pya, mpya wapya mpya mipya jipya mapya kipya vipya mpya mpya mpya",
        "eupe, mweupe weupe mweupe myeupe jeupe meupe cheupe vyeupe nyeupe nyeupe mweupe",
        "eusi, mweusi weusi mweusi myeusi jeusi meusi cheusi vyeusi nyeusi nyeusi mweusi",
        "ema, mwema wema mwema myema jema mema chema vyema njema njema mwema",
    })
    void adjectivesAgreeInEveryClass(String stem, String forms) {
        assertForms(stem, forms);
    }

    @ParameterizedTest(name = "-{0}")
    @CsvSource({
        "ekundu, mwekundu wekundu mwekundu myekundu jekundu mekundu chekundu vyekundu nyekundu"
                + " nyekundu mwekundu",
        "epesi, mwepesi wepesi mwepesi myepesi jepesi mepesi chepesi vyepesi nyepesi nyepesi"
                + " mwepesi",
        "embamba, mwembamba wembamba mwembamba myembamba jembamba membamba chembamba vyembamba"
                + " nyembamba nyembamba mwembamba",
        "ingine, mwingine wengine mwingine mingine jingine mengine kingine vingine nyingine"
                + " nyingine mwingine",
    })
    void longerVowelStemsAgreeInEveryClass(String stem, String forms) {
        assertForms(stem, forms);
    }

    @ParameterizedTest(name = "-{0} with class {1}")
    @CsvSource({
        "ingi, C2, wengi",
        "ingi, C4, mingi",
        "ingi, C6, mengi",
        "ingi, C8, vingi",
        "ingi, C10, nyingi",
        "chache, C2, wachache",
        "chache, C10, chache",
        "moja, C1, mmoja",
        "moja, C3, mmoja",
        "moja, C5, moja",
        "moja, C7, kimoja",
        "moja, C9, moja",
        "moja, C11, mmoja",
        "wili, C2, wawili",
        "wili, C4, miwili",
        "wili, C6, mawili",
        "wili, C8, viwili",
        "wili, C10, mbili",
        "tatu, C4, mitatu",
        "tatu, C10, tatu",
        "nne, C2, wanne",
        "nne, C4, minne",
        "nne, C6, manne",
        "nne, C8, vinne",
        "nne, C10, nne",
        "tano, C6, matano",
        "tano, C10, tano",
        "nane, C2, wanane",
        "nane, C8, vinane",
        "nane, C10, nane",
        "aminifu, C1, mwaminifu",
        "aminifu, C2, waaminifu",
        "bivu, C9, mbivu",
        "bovu, C10, mbovu",
        "zito, C9, nzito",
        "kavu, C9, kavu",
        "tupu, C9, tupu",
        "geni, C9, ngeni",
    })
    void quantitiesAndOtherStems(String stem, NounClass noun, String form) {
        assertEquals(form, AdjectiveConcord.of(stem, noun));
    }

    private static void assertForms(String stem, String forms) {
        String[] expected = forms.split(" ", -1);
        NounClass[] classes = NounClass.values();
        assertEquals(classes.length, expected.length);
        for (int i = 0; i < classes.length; i++) {
            assertEquals(expected[i], AdjectiveConcord.of(stem, classes[i]), classes[i].name());
        }
    }
}
