package org.lugha.tools.demo.swahili;

/**
 * The noun classes by their Bantu numbers, odd ones singular and even ones plural, with the words
 * that agree with them. Class 11 stands for 14 too: Swahili agrees with both alike.
 */
@SuppressWarnings("ImmutableEnumChecker") // a record of strings is immutable
enum NounClass {
    C1(SubjectConcord.animateSingular(), "w", "huyu", "yule"),
    C2(SubjectConcord.of("wa"), "w", "hawa", "wale"),
    C3(SubjectConcord.of("u"), "w", "huu", "ule"),
    C4(SubjectConcord.of("i"), "y", "hii", "ile"),
    C5(SubjectConcord.of("li"), "l", "hili", "lile"),
    C6(SubjectConcord.of("ya"), "y", "haya", "yale"),
    C7(SubjectConcord.of("ki"), "ch", "hiki", "kile"),
    C8(SubjectConcord.of("vi"), "vy", "hivi", "vile"),
    C9(SubjectConcord.of("i"), "y", "hii", "ile"),
    C10(SubjectConcord.of("zi"), "z", "hizi", "zile"),
    C11(SubjectConcord.of("u"), "w", "huu", "ule");

    private final SubjectConcord subject;
    private final String pronominal;
    private final String near;
    private final String far;

    NounClass(SubjectConcord subject, String pronominal, String near, String far) {
        this.subject = subject;
        this.pronominal = pronominal;
        this.near = near;
        this.far = far;
    }

    SubjectConcord subject() {
        return subject;
    }

    /** A possessive stem with its prefix: -angu becomes wangu, yangu, langu, changu ... */
    String possessive(String stem) {
        return pronominal + stem;
    }

    /** This or these: huyu, hawa, huu, hii ... */
    String near() {
        return near;
    }

    /** That or those: yule, wale, ule, ile ... */
    String far() {
        return far;
    }

    /** The object prefix of a person or an animal: -m- or -wa-. */
    String animateObject() {
        return this == C1 ? "m" : "wa";
    }
}
