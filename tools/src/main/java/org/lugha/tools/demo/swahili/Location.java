package org.lugha.tools.demo.swahili;

import java.util.stream.Stream;

/** "The cup is on the table". */
record Location(Subject subject, Tense tense, boolean negative, Place place) implements Clause {
    @Override
    public String english() {
        return NounPhrase.join(
                subject.english(),
                EnglishVerb.be(subject.agreement(), tense, negative),
                place.at());
    }

    @Override
    public String swahili() {
        return NounPhrase.join(Copula.somewhere(subject, tense, negative), place.swahili());
    }

    @Override
    public Stream<Combination> combinations() {
        return Clause.within(subject);
    }

    @Override
    public boolean sound() {
        return true;
    }
}
