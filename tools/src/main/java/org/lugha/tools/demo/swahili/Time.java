package org.lugha.tools.demo.swahili;

import java.util.Set;

/** Adverbs of time with the tenses they go with. */
enum Time {
    EVERY_DAY("every day", "kila siku", Set.of(Tense.PRESENT)),
    YESTERDAY("yesterday", "jana", Set.of(Tense.PAST)),
    TOMORROW("tomorrow", "kesho", Set.of(Tense.FUTURE)),
    TODAY("today", "leo", Set.of(Tense.PAST, Tense.FUTURE, Tense.PERFECT)),
    MORNING("in the morning", "asubuhi", Set.of(Tense.PRESENT, Tense.PAST, Tense.FUTURE)),
    NIGHT("at night", "usiku", Set.of(Tense.PRESENT, Tense.PAST, Tense.FUTURE));

    private final String english;
    private final String swahili;
    private final Set<Tense> tenses;

    Time(String english, String swahili, Set<Tense> tenses) {
        this.english = english;
        this.swahili = swahili;
        this.tenses = tenses;
    }

    String english() {
        return english;
    }

    String swahili() {
        return swahili;
    }

    boolean fits(Tense tense) {
        return tenses.contains(tense);
    }

    /** Whether it names a day, and so suits what happens once. */
    boolean dated() {
        return this == YESTERDAY || this == TODAY || this == TOMORROW;
    }

    /** Whether it tells the present from the past. */
    boolean names(Tense tense) {
        return tenses.equals(Set.of(tense));
    }
}
