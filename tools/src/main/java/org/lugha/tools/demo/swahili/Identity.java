package org.lugha.tools.demo.swahili;

import java.util.stream.Stream;

/** "The woman is a teacher": subject and predicate have the same number. */
record Identity(Subject subject, Tense tense, boolean negative, NounPhrase predicate)
        implements Clause {
    @Override
    public String english() {
        return NounPhrase.join(
                subject.english(),
                EnglishVerb.be(subject.agreement(), tense, negative),
                predicate.english());
    }

    @Override
    public String swahili() {
        return NounPhrase.join(Copula.of(subject, tense, negative), predicate.swahili());
    }

    @Override
    public Stream<Combination> combinations() {
        return Stream.concat(Clause.within(subject), predicate.combinations());
    }

    @Override
    public boolean sound() {
        return true;
    }
}
