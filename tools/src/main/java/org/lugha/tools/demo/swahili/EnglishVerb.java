package org.lugha.tools.demo.swahili;

/**
 * An English verb as it is conjugated for a subject.
 *
 * @param base "see"
 * @param past "saw"
 * @param participle "seen"
 */
record EnglishVerb(String base, String past, String participle) {
    static EnglishVerb regular(String base) {
        return new EnglishVerb(base, EnglishForms.past(base), EnglishForms.past(base));
    }

    /** The negative perfect is "has not yet seen": the -ja- of Swahili says "not yet". */
    String phrase(Agreement subject, Tense tense, boolean negative) {
        boolean third = subject == Agreement.THIRD_SINGULAR;
        return switch (tense) {
            case PRESENT -> {
                String form = third ? EnglishForms.thirdSingular(base) : base;
                yield negative ? (third ? "does" : "do") + " not " + base : form;
            }
            case PAST -> negative ? "did not " + base : past;
            case FUTURE -> (negative ? "will not " : "will ") + base;
            case PERFECT -> (third ? "has " : "have ") + (negative ? "not yet " : "") + participle;
        };
    }

    /** "I read": present or past cannot be told apart without an adverb of time. */
    boolean ambiguous(Agreement subject, Tense tense, boolean negative) {
        boolean simple = tense == Tense.PRESENT || tense == Tense.PAST;
        return simple && !negative && subject != Agreement.THIRD_SINGULAR && past.equals(base);
    }

    /** The forms of "be" in the present, past and future. */
    static String be(Agreement subject, Tense tense, boolean negative) {
        String not = negative ? " not" : "";
        return switch (tense) {
            case PRESENT ->
                    switch (subject) {
                                case FIRST_SINGULAR -> "am";
                                case THIRD_SINGULAR -> "is";
                                case PLURAL -> "are";
                            }
                            + not;
            case PAST -> (subject == Agreement.PLURAL ? "were" : "was") + not;
            case FUTURE -> "will" + not + " be";
            case PERFECT ->
                    throw new IllegalArgumentException(
                            "be - expected present, past or future - perfect came - choose another"
                                    + " tense");
        };
    }
}
