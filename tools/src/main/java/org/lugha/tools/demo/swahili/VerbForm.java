package org.lugha.tools.demo.swahili;

/**
 * The conjugated Swahili verb: subject prefix, tense marker, object prefix, stem.
 *
 * <p>Affirmative: -na-, -li-, -ta-, -me-. Negative: the present has no marker and turns a final -a
 * into -i (hasomi; stems of Arabic origin keep their vowel: hajibu); the past has -ku- (hakusoma),
 * the future -ta- (hatasoma), the perfect -ja- (hajasoma, "has not yet read"). A monosyllabic stem
 * keeps the -ku- of its infinitive after -na-, -li-, -ta- and -me- (anakula, hatakula), not
 * elsewhere (hali, hakula, hajala), and loses it after an object prefix.
 *
 * @param stem the verb without its infinitive ku-
 * @param monosyllabic whether the stem has one syllable: -la, -nywa, -ja, -wa
 * @param object the object prefix, empty for none; m- is mw- before a vowel other than u
 */
record VerbForm(String stem, boolean monosyllabic, String object) {
    static VerbForm of(String stem, boolean monosyllabic) {
        return new VerbForm(stem, monosyllabic, "");
    }

    String conjugate(SubjectConcord subject, Tense tense, boolean negative) {
        return negative ? negative(subject, tense) : affirmative(subject, tense);
    }

    private String affirmative(SubjectConcord subject, Tense tense) {
        return subject.affirmative() + tense.marker() + infinitiveKu() + withObject(stem);
    }

    private String negative(SubjectConcord subject, Tense tense) {
        String prefix = subject.negative();
        return switch (tense) {
            case PRESENT -> presentPrefix(prefix) + withObject(negativePresentStem());
            case PAST -> prefix + "ku" + withObject(stem);
            case FUTURE -> prefix + tense.marker() + infinitiveKu() + withObject(stem);
            case PERFECT -> prefix + "ja" + withObject(stem);
        };
    }

    /** The second person plural m- is mw- where nothing stands between it and a vowel: hamwoni. */
    private String presentPrefix(String prefix) {
        boolean meetsVowel = object.isEmpty() && AdjectiveConcord.startsWithVowel(stem);
        return prefix.endsWith("m") && meetsVowel ? prefix + "w" : prefix;
    }

    private String negativePresentStem() {
        return stem.endsWith("a") ? stem.substring(0, stem.length() - 1) + "i" : stem;
    }

    private String infinitiveKu() {
        return monosyllabic && object.isEmpty() ? "ku" : "";
    }

    private String withObject(String form) {
        boolean glide =
                object.equals("m")
                        && AdjectiveConcord.startsWithVowel(form)
                        && form.charAt(0) != 'u';
        if (object.equals("m") && form.charAt(0) == 'u') {
            return "mu" + form;
        }
        return (glide ? "mw" : object) + form;
    }
}
