package org.lugha.tools.demo.swahili;

/** Adverbs of time with the tenses they go with. */
enum Time {
    EVERY_DAY("every day", "kila siku"),
    YESTERDAY("yesterday", "jana"),
    TOMORROW("tomorrow", "kesho"),
    TODAY("today", "leo"),
    MORNING("in the morning", "asubuhi"),
    NIGHT("at night", "usiku");

    private final String english;
    private final String swahili;

    Time(String english, String swahili) {
        this.english = english;
        this.swahili = swahili;
    }

    String english() {
        return english;
    }

    String swahili() {
        return swahili;
    }

    boolean fits(Tense tense) {
        return switch (this) {
            case EVERY_DAY -> tense == Tense.PRESENT;
            case YESTERDAY -> tense == Tense.PAST;
            case TOMORROW -> tense == Tense.FUTURE;
            case TODAY -> tense != Tense.PRESENT;
            case MORNING, NIGHT -> tense != Tense.PERFECT;
        };
    }

    /** Whether it names a day, and so suits what happens once. */
    boolean dated() {
        return this == YESTERDAY || this == TODAY || this == TOMORROW;
    }

    /** Whether it tells the present from the past. */
    boolean separatesPresentFromPast() {
        return this == EVERY_DAY || this == YESTERDAY;
    }
}
