package org.lugha.tools.demo.swahili;

import java.util.Set;

/**
 * A noun of the word list.
 *
 * @param singularClass class of the singular prefix (of the only form of mass nouns)
 * @param pluralClass class of the plural prefix; null for mass nouns
 * @param plural Swahili plural; empty for mass nouns
 * @param englishPlural empty for mass nouns
 * @param tags what the noun can do and have done to it, see nouns.tsv
 */
record Noun(
        NounClass singularClass,
        NounClass pluralClass,
        String singular,
        String plural,
        String english,
        String englishPlural,
        Set<String> tags) {
    boolean countable() {
        return pluralClass != null;
    }

    /** People and animals agree as class 1/2 whatever their own class: mbwa huyu, viongozi hawa. */
    boolean animate() {
        return tags.contains("person") || tags.contains("animal");
    }

    NounClass agreement(boolean inPlural) {
        if (animate()) {
            return inPlural ? NounClass.C2 : NounClass.C1;
        }
        return inPlural ? pluralClass : singularClass;
    }

    /**
     * Whether a possessive may follow. Usage is divided for animals of class 10 (mbwa wangu or mbwa
     * zangu), so these take none in the plural.
     */
    boolean takesPossessive(boolean inPlural) {
        boolean divided = inPlural && animate() && pluralClass == NounClass.C10;
        boolean owned = tags.contains("own") || tags.contains("goods") || tags.contains("body");
        return owned && !divided;
    }
}
