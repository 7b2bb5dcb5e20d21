package org.lugha.tools.demo.swahili;

/** The tenses with their affirmative markers; {@link VerbForm} holds the negative ones. */
enum Tense {
    PRESENT("na"),
    PAST("li"),
    FUTURE("ta"),
    PERFECT("me");

    private final String marker;

    Tense(String marker) {
        this.marker = marker;
    }

    String marker() {
        return marker;
    }
}
