package org.lugha.tools.demo.swahili;

import java.util.Set;

/**
 * An adjective of the word list.
 *
 * @param agrees whether the stem takes class prefixes; most stems of Arabic origin do not
 * @param tags a noun with one of these can be described by it; "*" fits every noun
 */
record Adjective(String english, String stem, boolean agrees, Set<String> tags) {
    boolean fits(Noun noun) {
        return tags.contains("*") || tags.stream().anyMatch(noun.tags()::contains);
    }

    String swahili(NounClass noun) {
        return agrees ? AdjectiveConcord.of(stem, noun) : stem;
    }
}
