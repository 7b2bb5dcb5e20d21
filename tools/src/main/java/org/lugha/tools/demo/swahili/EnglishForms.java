package org.lugha.tools.demo.swahili;

import java.util.function.UnaryOperator;

/** The regular inflections of English; irregular forms stand in the word lists. */
final class EnglishForms {
    private EnglishForms() {}

    /** box, boxes; lady, ladies; boy, boys. */
    static String plural(String noun) {
        return withS(noun);
    }

    /** The third person singular: sees, washes, carries; of several words the first inflects. */
    static String thirdSingular(String verb) {
        return onFirstWord(verb, EnglishForms::withS);
    }

    /**
     * The regular past and participle: washed, liked, carried; of several words the first inflects.
     */
    static String past(String verb) {
        return onFirstWord(verb, EnglishForms::withEd);
    }

    /** "a" or "an" by the sound that follows; the only silent h in the word lists is "honest". */
    static String article(String next) {
        boolean vowel = "aeiou".indexOf(next.charAt(0)) >= 0 || next.startsWith("honest");
        return vowel ? "an" : "a";
    }

    /** First letter upper case, full stop at the end. */
    static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private static String onFirstWord(String verb, UnaryOperator<String> inflection) {
        int space = verb.indexOf(' ');
        return space < 0
                ? inflection.apply(verb)
                : inflection.apply(verb.substring(0, space)) + verb.substring(space);
    }

    private static String withS(String word) {
        if (endsWithConsonantY(word)) {
            return word.substring(0, word.length() - 1) + "ies";
        }
        boolean sibilant =
                word.endsWith("s")
                        || word.endsWith("x")
                        || word.endsWith("ch")
                        || word.endsWith("sh");
        return word + (sibilant ? "es" : "s");
    }

    private static String withEd(String word) {
        if (endsWithConsonantY(word)) {
            return word.substring(0, word.length() - 1) + "ied";
        }
        return word + (word.endsWith("e") ? "d" : "ed");
    }

    private static boolean endsWithConsonantY(String word) {
        int last = word.length() - 1;
        return last > 0 && word.charAt(last) == 'y' && "aeiou".indexOf(word.charAt(last - 1)) < 0;
    }
}
