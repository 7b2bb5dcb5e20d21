package org.lugha.tools.demo.swahili;

import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * A noun with its modifiers. English has determiner, adjective, noun; Swahili has the noun first,
 * then a possessive, demonstrative or "other", then the adjective, then a numeral: vitabu vyangu
 * vizuri, vitabu hivi vizuri, vitabu vingine vizuri, vitabu vizuri viwili. That is the neutral
 * order of the grammars; others occur for emphasis and are not used here.
 */
record NounPhrase(Noun noun, boolean plural, Determiner determiner, Optional<Adjective> adjective)
        implements Subject {
    static NounPhrase of(Noun noun, boolean plural, Determiner determiner) {
        return new NounPhrase(noun, plural, determiner, Optional.empty());
    }

    NounPhrase with(Adjective description) {
        return new NounPhrase(noun, plural, determiner, Optional.of(description));
    }

    @Override
    public String english() {
        String head = plural ? noun.englishPlural() : noun.english();
        String described = adjective.map(a -> a.english() + " " + head).orElse(head);
        return join(determiner.english(plural, described), described);
    }

    @Override
    public String swahili() {
        String head = plural ? noun.plural() : noun.singular();
        String agreeing = determiner.swahili(nounClass());
        String description = adjective.map(a -> a.swahili(nounClass())).orElse("");
        return determiner instanceof Quantity quantity && quantity.last()
                ? join(head, description, agreeing)
                : join(head, agreeing, description);
    }

    @Override
    public String swahiliBeforeCopula() {
        return swahili();
    }

    @Override
    public NounClass nounClass() {
        return noun.agreement(plural);
    }

    @Override
    public SubjectConcord concord() {
        return nounClass().subject();
    }

    @Override
    public Agreement agreement() {
        return plural ? Agreement.PLURAL : Agreement.THIRD_SINGULAR;
    }

    /** The adjective with the noun, where there is one. */
    Stream<Combination> combinations() {
        return adjective.stream().map(a -> new Combination(a.stem(), noun.singular()));
    }

    /** The words that are not empty, with a space between. */
    static String join(String... words) {
        StringJoiner joined = new StringJoiner(" ");
        for (String word : words) {
            if (!word.isEmpty()) {
                joined.add(word);
            }
        }
        return joined.toString();
    }
}
