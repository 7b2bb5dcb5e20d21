package org.lugha.tools.demo.swahili;

/** What a sentence is about: a pronoun or a noun phrase. */
sealed interface Subject permits Pronoun, NounPhrase {
    String english();

    Agreement agreement();

    SubjectConcord concord();

    /**
     * What stands before a conjugated verb: empty for pronouns, which the verb's prefix replaces.
     */
    String swahili();

    /** What stands before the invariable copula ni or si: pronouns are spelled out there. */
    String swahiliBeforeCopula();

    /** The class its adjectives agree with. */
    NounClass nounClass();

    boolean plural();
}
