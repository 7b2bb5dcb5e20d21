package org.lugha.tools.demo.swahili;

/**
 * The personal pronouns. "You" is singular and "you all" plural, which keeps the translation from
 * English unique; "he" and "she" are one word in Swahili.
 */
@SuppressWarnings("ImmutableEnumChecker") // a record of strings is immutable
enum Pronoun implements Subject {
    I("I", "mimi", new SubjectConcord("ni", "si", "ni"), Agreement.FIRST_SINGULAR, false),
    YOU("you", "wewe", new SubjectConcord("u", "hu", "u"), Agreement.PLURAL, false),
    HE("he", "yeye", SubjectConcord.animateSingular(), Agreement.THIRD_SINGULAR, false),
    SHE("she", "yeye", SubjectConcord.animateSingular(), Agreement.THIRD_SINGULAR, false),
    WE("we", "sisi", SubjectConcord.of("tu"), Agreement.PLURAL, true),
    YOU_ALL("you all", "ninyi", SubjectConcord.of("m"), Agreement.PLURAL, true),
    THEY("they", "wao", SubjectConcord.of("wa"), Agreement.PLURAL, true);

    private final String english;
    private final String swahili;
    private final SubjectConcord concord;
    private final Agreement agreement;
    private final boolean plural;

    Pronoun(
            String english,
            String swahili,
            SubjectConcord concord,
            Agreement agreement,
            boolean plural) {
        this.english = english;
        this.swahili = swahili;
        this.concord = concord;
        this.agreement = agreement;
        this.plural = plural;
    }

    @Override
    public String english() {
        return english;
    }

    @Override
    public Agreement agreement() {
        return agreement;
    }

    @Override
    public SubjectConcord concord() {
        return concord;
    }

    @Override
    public String swahili() {
        return "";
    }

    @Override
    public String swahiliBeforeCopula() {
        return swahili;
    }

    @Override
    public NounClass nounClass() {
        return plural ? NounClass.C2 : NounClass.C1;
    }

    @Override
    public boolean plural() {
        return plural;
    }
}
