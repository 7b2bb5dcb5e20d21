package org.lugha.tools.demo.swahili;

import java.util.stream.Stream;

/** "The book is nice": the adjective agrees with the subject. */
record Description(Subject subject, Tense tense, boolean negative, Adjective adjective)
        implements Clause {
    @Override
    public String english() {
        return NounPhrase.join(
                subject.english(),
                EnglishVerb.be(subject.agreement(), tense, negative),
                adjective.english());
    }

    @Override
    public String swahili() {
        return NounPhrase.join(
                Copula.of(subject, tense, negative), adjective.swahili(subject.nounClass()));
    }

    @Override
    public Stream<Combination> combinations() {
        Stream<Combination> predicate =
                subject instanceof NounPhrase phrase
                        ? Stream.of(new Combination(adjective.stem(), phrase.noun().singular()))
                        : Stream.empty();
        return Stream.concat(Clause.within(subject), predicate);
    }

    @Override
    public boolean sound() {
        return true;
    }
}
