package org.lugha.tools.demo.swahili;

/**
 * The nominal prefixes of adjective and numeral stems with their sound changes.
 *
 * <ul>
 *   <li>Before a vowel m-, mi-, ki-, vi- become mw-, my-, ch-, vy-; two like vowels merge (mi +
 *       ingi = mingi) and a + i, a + e give e (wa + ingi = wengi, ma + ekundu = mekundu).
 *   <li>Class 5 has no prefix before a consonant, j- before a vowel and ji- before one syllable.
 *   <li>Classes 9 and 10 have a nasal: m before b and v, n before d, g, j and z, nd for n + r, mb
 *       for n + w, ny before a vowel, none before other consonants; m before one syllable.
 *       Irregular: njema.
 * </ul>
 */
final class AdjectiveConcord {
    private AdjectiveConcord() {}

    /** The stem as it stands with a noun of the class. */
    static String of(String stem, NounClass noun) {
        return switch (noun) {
            case C1, C3, C11 -> (startsWithVowel(stem) ? "mw" : "m") + stem;
            case C2 -> afterA("wa", stem);
            case C4 -> afterI("mi", "my", stem);
            case C5 -> singularOfMa(stem);
            case C6 -> afterA("ma", stem);
            case C7 -> afterI("ki", "ch", stem);
            case C8 -> afterI("vi", "vy", stem);
            case C9, C10 -> nasal(stem);
        };
    }

    private static String afterA(String prefix, String stem) {
        return switch (stem.charAt(0)) {
            case 'e' -> prefix.charAt(0) + stem;
            case 'i' -> prefix.charAt(0) + "e" + stem.substring(1);
            default -> prefix + stem;
        };
    }

    private static String afterI(String prefix, String beforeE, String stem) {
        return switch (stem.charAt(0)) {
            case 'e' -> beforeE + stem;
            case 'i' -> prefix + stem.substring(1);
            default -> prefix + stem;
        };
    }

    private static String singularOfMa(String stem) {
        if (startsWithVowel(stem)) {
            return "j" + stem;
        }
        return monosyllabic(stem) ? "ji" + stem : stem;
    }

    private static String nasal(String stem) {
        if (stem.equals("ema")) {
            return "njema";
        }
        if (monosyllabic(stem) && stem.charAt(0) != 'n') {
            return "m" + stem;
        }
        return switch (stem.charAt(0)) {
            case 'b', 'v' -> "m" + stem;
            case 'd', 'g', 'j', 'z' -> "n" + stem;
            case 'r', 'l' -> "nd" + stem.substring(1);
            case 'w' -> "mb" + stem.substring(1);
            case 'a', 'e', 'i', 'o', 'u' -> "ny" + stem;
            default -> stem;
        };
    }

    static boolean startsWithVowel(String stem) {
        return isVowel(stem.charAt(0));
    }

    private static boolean isVowel(int letter) {
        return "aeiou".indexOf(letter) >= 0;
    }

    private static boolean monosyllabic(String stem) {
        return stem.chars().filter(AdjectiveConcord::isVowel).count() == 1;
    }
}
