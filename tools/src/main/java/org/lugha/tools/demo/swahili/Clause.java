package org.lugha.tools.demo.swahili;

import java.util.stream.Stream;

/** A sentence as a tree, from which both languages are spelled. */
sealed interface Clause permits Action, Description, Identity, Location, Possession {
    /** Without capital and full stop. */
    String english();

    /** Without capital and full stop. */
    String swahili();

    /** The adjective with its noun and the verb with its object noun, wherever they meet. */
    Stream<Combination> combinations();

    /** Whether the English is natural and has one translation only. */
    boolean sound();

    default Pair pair() {
        return new Pair(EnglishForms.sentence(english()), EnglishForms.sentence(swahili()));
    }

    /** Whether the object suits the verb's polarity. */
    static boolean suits(NounPhrase object, boolean negative) {
        return !(negative && object.determiner() instanceof Quantity q) || q.fitsNegation();
    }

    /** The combinations of a subject that is a noun phrase. */
    static Stream<Combination> within(Subject subject) {
        return subject instanceof NounPhrase phrase ? phrase.combinations() : Stream.empty();
    }
}
