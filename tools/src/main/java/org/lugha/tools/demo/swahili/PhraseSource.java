package org.lugha.tools.demo.swahili;

import java.util.List;
import java.util.Set;

/** Draws noun phrases whose parts go together. */
final class PhraseSource {
    private static final List<Possessive> POSSESSIVES = List.of(Possessive.values());
    private static final List<Demonstrative> DEMONSTRATIVES = List.of(Demonstrative.values());
    private static final List<Quantity> QUANTITIES = List.of(Quantity.values());
    private static final List<Pronoun> PRONOUNS = List.of(Pronoun.values());

    private final Choices words;
    private final SplitMix64 random;

    PhraseSource(Choices words, SplitMix64 random) {
        this.words = words;
        this.random = random;
    }

    /**
     * A pronoun or a noun phrase of a noun with one of the tags. Things are not described where
     * something happens to them: no "the rotten egg rotted".
     */
    Subject subject(Set<String> tags) {
        if (!tags.contains("person")) {
            return plainPhrase(random.pick(words.nouns(tags)));
        }
        return random.chance(40) ? random.pick(PRONOUNS) : phrase(random.pick(words.nouns(tags)));
    }

    /** The noun in either number with any determiner, described in about a third of the draws. */
    NounPhrase phrase(Noun noun) {
        boolean plural = number(noun);
        Determiner determiner =
                noun.countable() && !body(noun) && random.chance(18)
                        ? quantity(plural)
                        : definite(noun, plural);
        return described(NounPhrase.of(noun, plural, determiner), 35);
    }

    /** The noun with "the", a possessive or a demonstrative and no adjective. */
    NounPhrase plainPhrase(Noun noun) {
        boolean plural = number(noun);
        return NounPhrase.of(noun, plural, definite(noun, plural));
    }

    /** The noun without "the", as the object of "have". */
    NounPhrase indefinitePhrase(Noun noun) {
        boolean plural = number(noun);
        Determiner determiner = plural || !noun.countable() ? Article.NONE : Article.A;
        if (noun.countable() && random.chance(plural ? 75 : 20)) {
            determiner = quantity(plural);
        }
        return described(NounPhrase.of(noun, plural, determiner), 40);
    }

    /** With a fitting adjective in {@code percent} of the draws. */
    NounPhrase described(NounPhrase phrase, int percent) {
        boolean open = !(phrase.determiner() instanceof Quantity q) || q.takesAdjective();
        return open && random.chance(percent)
                ? phrase.with(random.pick(words.adjectives(phrase.noun())))
                : phrase;
    }

    /** A part of the body is somebody's: "my hand", not "the hand" or "two hands". */
    private static boolean body(Noun noun) {
        return noun.tags().contains("body");
    }

    private boolean number(Noun noun) {
        return noun.countable() && random.chance(40);
    }

    private Determiner definite(Noun noun, boolean plural) {
        int draw = random.below(100);
        if (body(noun) || (draw < 20 && noun.takesPossessive(plural))) {
            return random.pick(POSSESSIVES);
        }
        return draw >= 85 ? random.pick(DEMONSTRATIVES) : Article.THE;
    }

    private Quantity quantity(boolean plural) {
        return random.pick(QUANTITIES.stream().filter(q -> q.fits(plural)).toList());
    }
}
