package org.lugha.tools.demo.swahili;

/** Numerals and other words of quantity: one to five and eight agree, the other numerals do not. */
enum Quantity implements Determiner {
    ONE("one", "moja", true),
    TWO("two", "wili", true),
    THREE("three", "tatu", true),
    FOUR("four", "nne", true),
    FIVE("five", "tano", true),
    SIX("six", "sita", false),
    SEVEN("seven", "saba", false),
    EIGHT("eight", "nane", true),
    NINE("nine", "tisa", false),
    TEN("ten", "kumi", false),
    MANY("many", "ingi", true),
    FEW("few", "chache", true),
    OTHER("other", "ingine", true);

    private final String english;
    private final String stem;
    private final boolean agrees;

    Quantity(String english, String stem, boolean agrees) {
        this.english = english;
        this.stem = stem;
        this.agrees = agrees;
    }

    /** Whether it goes with nouns of this number. */
    boolean fits(boolean plural) {
        return switch (this) {
            case ONE -> !plural;
            case OTHER -> true;
            default -> plural;
        };
    }

    /** Numerals close the Swahili phrase; "other" stands before the adjective. */
    boolean last() {
        return this != OTHER;
    }

    /** Numerals and "other" go with an adjective here; the order of the rest is less settled. */
    boolean takesAdjective() {
        return this != MANY && this != FEW;
    }

    /** "Not one" and "not a few" mean something else than they say. */
    boolean fitsNegation() {
        return this != ONE && this != FEW;
    }

    @Override
    public String english(boolean plural, String next) {
        return switch (this) {
            case FEW -> "a few";
            case OTHER -> plural ? english : "another";
            default -> english;
        };
    }

    @Override
    public String swahili(NounClass noun) {
        return agrees ? AdjectiveConcord.of(stem, noun) : stem;
    }
}
