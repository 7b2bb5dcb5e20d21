package org.lugha.tools.demo.swahili;

/** This and that. */
enum Demonstrative implements Determiner {
    NEAR("this", "these"),
    FAR("that", "those");

    private final String singular;
    private final String plural;

    Demonstrative(String singular, String plural) {
        this.singular = singular;
        this.plural = plural;
    }

    @Override
    public String english(boolean plural, String next) {
        return plural ? this.plural : singular;
    }

    @Override
    public String swahili(NounClass noun) {
        return this == NEAR ? noun.near() : noun.far();
    }
}
