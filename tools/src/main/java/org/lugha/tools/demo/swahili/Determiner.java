package org.lugha.tools.demo.swahili;

/** What opens an English noun phrase, with its Swahili counterpart. */
sealed interface Determiner permits Article, Possessive, Demonstrative, Quantity {
    /** The English word before {@code next}, empty for none. */
    String english(boolean plural, String next);

    /** The Swahili word that agrees with the class, empty for none. */
    String swahili(NounClass noun);
}
