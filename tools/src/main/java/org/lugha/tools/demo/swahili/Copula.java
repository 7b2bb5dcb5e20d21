package org.lugha.tools.demo.swahili;

/**
 * "To be" in Swahili: the invariable ni and si in the present, forms of kuwa in the past and
 * future, and -ko for being somewhere.
 */
final class Copula {
    private static final VerbForm KUWA = VerbForm.of("wa", true);

    private Copula() {}

    /** "Kitabu ni", "mimi si", "kitabu kilikuwa", "sitakuwa". */
    static String of(Subject subject, Tense tense, boolean negative) {
        return tense == Tense.PRESENT
                ? NounPhrase.join(subject.swahiliBeforeCopula(), negative ? "si" : "ni")
                : kuwa(subject, tense, negative);
    }

    /** "Kitabu kiko", "hayuko", "kitabu kilikuwa". */
    static String somewhere(Subject subject, Tense tense, boolean negative) {
        if (tense != Tense.PRESENT) {
            return kuwa(subject, tense, negative);
        }
        String prefix =
                negative ? negativeLocative(subject.concord()) : subject.concord().locative();
        return NounPhrase.join(subject.swahili(), prefix + "ko");
    }

    /** "Mwalimu ana", "sina", "mwalimu alikuwa na", "hatakuwa na". */
    static String having(Subject subject, Tense tense, boolean negative) {
        if (tense != Tense.PRESENT) {
            return kuwa(subject, tense, negative) + " na";
        }
        SubjectConcord concord = subject.concord();
        String prefix = negative ? concord.negative() : concord.affirmative();
        return NounPhrase.join(subject.swahili(), prefix + "na");
    }

    private static String kuwa(Subject subject, Tense tense, boolean negative) {
        return NounPhrase.join(
                subject.swahili(), KUWA.conjugate(subject.concord(), tense, negative));
    }

    /** The negative of yuko is hayuko; elsewhere the negative subject prefix stands before -ko. */
    private static String negativeLocative(SubjectConcord concord) {
        return concord.locative().equals("yu") ? "hayu" : concord.negative();
    }
}
