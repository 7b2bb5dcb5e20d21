package org.lugha.tools.demo.swahili;

import java.util.stream.Stream;

/** "The teacher has two books": Swahili says "is with". */
record Possession(Subject subject, Tense tense, boolean negative, NounPhrase object)
        implements Clause {
    private static final EnglishVerb HAVE = new EnglishVerb("have", "had", "had");

    @Override
    public String english() {
        boolean has =
                tense == Tense.PRESENT
                        && !negative
                        && subject.agreement() == Agreement.THIRD_SINGULAR;
        return NounPhrase.join(
                subject.english(),
                has ? "has" : HAVE.phrase(subject.agreement(), tense, negative),
                object.english());
    }

    @Override
    public String swahili() {
        return NounPhrase.join(Copula.having(subject, tense, negative), object.swahili());
    }

    @Override
    public Stream<Combination> combinations() {
        Stream<Combination> inObject =
                Stream.concat(
                        object.combinations(),
                        Stream.of(new Combination("na", object.noun().singular())));
        return Stream.concat(Clause.within(subject), inObject);
    }

    @Override
    public boolean sound() {
        return Clause.suits(object, negative);
    }
}
