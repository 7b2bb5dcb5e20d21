package org.lugha.tools.demo.swahili;

/** The articles, which Swahili does not have. */
enum Article implements Determiner {
    THE,
    /** "a" or "an". */
    A,
    /** Nothing, as before plurals and mass nouns. */
    NONE;

    @Override
    public String english(boolean plural, String next) {
        return switch (this) {
            case THE -> "the";
            case A -> EnglishForms.article(next);
            case NONE -> "";
        };
    }

    @Override
    public String swahili(NounClass noun) {
        return "";
    }
}
