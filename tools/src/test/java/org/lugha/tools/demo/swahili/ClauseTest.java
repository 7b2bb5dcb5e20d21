package org.lugha.tools.demo.swahili;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole sentences, each checked by hand in both languages against the standard grammars (Ashton,
 * subject and object concord, ni and si, kuwa, kuwa na, -ko, the locative -ni; Mohamed, agreement
 * of animate nouns).
 */
class ClauseTest {
    // subject | verb | object | tense | + or - | place | time | English | Swahili
    @ParameterizedTest(name = "{7}")
    @CsvSource(
            delimiter = '|',
            textBlock =
"""
the teacher|read|the book|PRESENT|+|||The teacher reads the book.|Mwalimu anasoma kitabu.
the teacher|read|the book|PRESENT|-|||The teacher does not read the book.|Mwalimu hasomi kitabu.
the teachers|read|these books|PERFECT|-|||The teachers have not yet read these books.|Walimu hawajasoma vitabu hivi.
I|read|the letter|PAST|+||yesterday|I read the letter yesterday.|Nilisoma barua jana.
the child|eat|the mango|PRESENT|+|||The child eats the mango.|Mtoto anakula embe.
the child|eat|the mango|PAST|-|||The child did not eat the mango.|Mtoto hakula embe.
we|drink|the tea|FUTURE|+|at home|tomorrow|We will drink the tea at home tomorrow.|Tutakunywa chai nyumbani kesho.
they|drink|the milk|PERFECT|+|||They have drunk the milk.|Wamekunywa maziwa.
you|drink|my coffee|PRESENT|-|||You do not drink my coffee.|Hunywi kahawa yangu.
she|come||PRESENT|-|||She does not come.|Haji.
he|come||PERFECT|-|||He has not yet come.|Hajaja.
the guest|come||FUTURE|+|home|tomorrow|The guest will come home tomorrow.|Mgeni atakuja nyumbani kesho.
the woman|see|the child|PAST|+|||The woman saw the child.|Mwanamke alimwona mtoto.
the woman|see|the children|PAST|+|||The woman saw the children.|Mwanamke aliwaona watoto.
the women|see|the house|PAST|+|||The women saw the house.|Wanawake waliona nyumba.
I|see|two lions|PAST|+|in the forest||I saw two lions in the forest.|Niliwaona simba wawili msituni.
the dog|chase|the cat|PRESENT|+|||The dog chases the cat.|Mbwa anamfukuza paka.
the dogs|chase|the rabbits|PAST|-|||The dogs did not chase the rabbits.|Mbwa hawakuwafukuza sungura.
we|call|the doctor|FUTURE|-|||We will not call the doctor.|Hatutamwita daktari.
they|forgive|their leader|PRESENT|-|||They do not forgive their leader.|Hawamsamehe kiongozi wao.
you all|greet|the old farmer|PAST|+|||You all greeted the old farmer.|Mlimsalimu mkulima mzee.
I|forget|his name|PERFECT|+|||I have forgotten his name.|Nimesahau jina lake.
she|understand|the difficult question|PRESENT|-|||She does not understand the difficult question.|Haelewi swali gumu.
he|wash|the shirt|PAST|+|||He washed the shirt.|Alifua shati.
the farmers|plant|the potatoes|PAST|+|in the field||The farmers planted the potatoes in the field.|Wakulima walipanda viazi shambani.
the boy|climb|the tall tree|PERFECT|+|||The boy has climbed the tall tree.|Mvulana amepanda mti mrefu.
he|wash|the plate|PAST|+|||He washed the plate.|Aliosha sahani.
the carpenter|repair|three chairs|FUTURE|+|||The carpenter will repair three chairs.|Seremala atatengeneza viti vitatu.
the hunter|look for|the snake|PRESENT|+|||The hunter looks for the snake.|Mwindaji anamtafuta nyoka.
the tree|fall||PAST|+||yesterday|The tree fell yesterday.|Mti ulianguka jana.
the cup|break||PERFECT|+|||The cup has broken.|Kikombe kimevunjika.
the eggs|rot||PERFECT|+|||The eggs have rotted.|Mayai yameoza.
the cars|break down||PAST|+|||The cars broke down.|Magari yaliharibika.
the key|disappear||PAST|+|||The key disappeared.|Ufunguo ulipotea.
those keys|disappear||PAST|-|||Those keys did not disappear.|Funguo zile hazikupotea.
the shirts|dry||PERFECT|-|||The shirts have not yet dried.|Mashati hayajakauka.
the bicycle|break down||FUTURE|-|||The bicycle will not break down.|Baiskeli haitaharibika.
the youths|swim||PRESENT|+|at the river|every day|The youths swim at the river every day.|Vijana wanaogelea mtoni kila siku.
""")
    void actions(
            String subject,
            String verb,
            String object,
            Tense tense,
            char sign,
            String place,
            String time,
            String english,
            String swahili) {
        String thing = object == null ? "" : object;
        Action action =
                new Action(
                        Words.subject(subject),
                        Words.verb(verb, thing),
                        Optional.of(thing).filter(o -> !o.isEmpty()).map(Words::phrase),
                        tense,
                        sign == '-',
                        Words.place(place == null ? "" : place),
                        Words.time(time == null ? "" : time));
        assertPair(english, swahili, action);
        assertTrue(action.sound());
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource({
        "the book, nice, PRESENT, +, The book is nice., Kitabu ni kizuri.",
        "the houses, big, PRESENT, -, The houses are not big., Nyumba si kubwa.",
        "my car, new, PRESENT, +, My car is new., Gari langu ni jipya.",
        "the wall, white, PAST, +, The wall was white., Ukuta ulikuwa mweupe.",
        "the oranges, rotten, PAST, -, The oranges were not rotten., Machungwa hayakuwa mabovu.",
        "the cat, black, PRESENT, +, The cat is black., Paka ni mweusi.",
        "I, sick, PRESENT, +, I am sick., Mimi ni mgonjwa.",
        "we, lazy, PRESENT, -, We are not lazy., Sisi si wavivu.",
        "you, clever, PRESENT, +, You are clever., Wewe ni mwerevu.",
        "you all, kind, PAST, +, You all were kind., Mlikuwa wema.",
    })
    void descriptions(
            String who, String what, Tense tense, char sign, String english, String swahili) {
        Subject subject = Words.subject(who);
        Adjective adjective =
                subject instanceof NounPhrase p
                        ? Words.adjective(what, p.noun())
                        : Words.adjective(what);
        assertPair(english, swahili, new Description(subject, tense, sign == '-', adjective));
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource({
        "the woman, a doctor, PRESENT, +, The woman is a doctor., Mwanamke ni daktari.",
        "she, an honest teacher, PRESENT, +, She is an honest teacher., "
                + "Yeye ni mwalimu mwaminifu.",
        "they, students, PRESENT, -, They are not students., Wao si wanafunzi.",
        "I, a driver, PAST, +, I was a driver., Nilikuwa dereva.",
        "this man, a singer, FUTURE, -, This man will not be a singer., "
                + "Mwanamume huyu hatakuwa mwimbaji.",
    })
    void identities(
            String who, String what, Tense tense, char sign, String english, String swahili) {
        NounPhrase predicate = Words.phrase(what);
        Clause clause = new Identity(Words.subject(who), tense, sign == '-', predicate);
        assertPair(english, swahili, clause);
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource({
        "the cup, on the table, PRESENT, +, The cup is on the table., Kikombe kiko mezani.",
        "the cups, on the table, PRESENT, -, The cups are not on the table., "
                + "Vikombe haviko mezani.",
        "the child, at school, PRESENT, +, The child is at school., Mtoto yuko shuleni.",
        "the child, at school, PRESENT, -, The child is not at school., Mtoto hayuko shuleni.",
        "I, at home, PRESENT, +, I am at home., Niko nyumbani.",
        "we, in the garden, PRESENT, -, We are not in the garden., Hatuko bustanini.",
        "the key, in the kitchen, PAST, +, The key was in the kitchen., Ufunguo ulikuwa jikoni.",
        "they, at the market, FUTURE, +, They will be at the market., Watakuwa sokoni.",
    })
    void locations(
            String who, String where, Tense tense, char sign, String english, String swahili) {
        Subject subject = Words.subject(who);
        Place place = Words.place(where).orElseThrow();
        assertPair(english, swahili, new Location(subject, tense, sign == '-', place));
    }

    @ParameterizedTest(name = "{4}")
    @CsvSource({
        "the teacher, two books, PRESENT, +, The teacher has two books., "
                + "Mwalimu ana vitabu viwili.",
        "the farmer, a donkey, PRESENT, -, The farmer does not have a donkey., Mkulima hana punda.",
        "I, an umbrella, PRESENT, +, I have an umbrella., Nina mwavuli.",
        "I, a car, PRESENT, -, I do not have a car., Sina gari.",
        "they, a big house, PAST, +, They had a big house., Walikuwa na nyumba kubwa.",
        "we, water, FUTURE, -, We will not have water., Hatutakuwa na maji.",
    })
    void possessions(
            String who, String what, Tense tense, char sign, String english, String swahili) {
        NounPhrase object = Words.phrase(what);
        Clause clause = new Possession(Words.subject(who), tense, sign == '-', object);
        assertPair(english, swahili, clause);
    }

    @Test
    void aVerbWithoutAPastFormNeedsATimeToBeClear() {
        Action unclear =
                new Action(
                        Pronoun.I,
                        Words.verb("read", "the book"),
                        Optional.of(Words.phrase("the book")),
                        Tense.PAST,
                        false,
                        Optional.empty(),
                        Optional.of(Time.MORNING));
        assertEquals("I read the book in the morning", unclear.english());
        assertFalse(unclear.sound());
    }

    private static void assertPair(String english, String swahili, Clause clause) {
        assertEquals(new Pair(english, swahili), clause.pair());
    }
}
