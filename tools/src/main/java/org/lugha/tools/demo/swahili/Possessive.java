package org.lugha.tools.demo.swahili;

/** The possessives; "his" and "her" are one stem, "your" is singular. */
enum Possessive implements Determiner {
    MY("my", "angu"),
    YOUR("your", "ako"),
    HIS("his", "ake"),
    HER("her", "ake"),
    OUR("our", "etu"),
    THEIR("their", "ao");

    private final String english;
    private final String stem;

    Possessive(String english, String stem) {
        this.english = english;
        this.stem = stem;
    }

    @Override
    public String english(boolean plural, String next) {
        return english;
    }

    @Override
    public String swahili(NounClass noun) {
        return noun.possessive(stem);
    }
}
