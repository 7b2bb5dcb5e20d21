package org.lugha.tools.demo.swahili;

/**
 * What a subject puts before a verb.
 *
 * @param affirmative the subject prefix: ni-, u-, a-, tu-, m-, wa-, ki- ...
 * @param negative the same fused with the negative ha-: si-, hu-, ha-, hatu-, ham-, hawa-, haki-
 *     ...
 * @param locative the prefix of -ko ("is somewhere"): as the subject prefix, but yu- for a-
 */
record SubjectConcord(String affirmative, String negative, String locative) {
    /** The regular case: the negative is ha- before the subject prefix. */
    static SubjectConcord of(String prefix) {
        return new SubjectConcord(prefix, "ha" + prefix, prefix);
    }

    /** The third person singular of people and animals: ha- for *haa-, yuko for *ako. */
    static SubjectConcord animateSingular() {
        return new SubjectConcord("a", "ha", "yu");
    }
}
