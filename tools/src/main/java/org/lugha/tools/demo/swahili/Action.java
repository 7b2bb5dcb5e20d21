package org.lugha.tools.demo.swahili;

import java.util.Optional;
import java.util.stream.Stream;

/** Subject, verb, object, place, time, in this order in both languages. */
record Action(
        Subject subject,
        Verb verb,
        Optional<NounPhrase> object,
        Tense tense,
        boolean negative,
        Optional<Place> place,
        Optional<Time> time)
        implements Clause {
    @Override
    public String english() {
        return NounPhrase.join(
                subject.english(),
                verb.english().phrase(subject.agreement(), tense, negative),
                object.map(NounPhrase::english).orElse(""),
                place.map(p -> verb.goal() ? p.to() : p.at()).orElse(""),
                time.map(Time::english).orElse(""));
    }

    /**
     * People and animals as objects are marked in the verb too: alimwona mtoto, aliwaona watoto.
     */
    @Override
    public String swahili() {
        String marker =
                object.filter(o -> o.noun().animate())
                        .map(o -> o.nounClass().animateObject())
                        .orElse("");
        VerbForm form = new VerbForm(verb.stem(), verb.monosyllabic(), marker);
        return NounPhrase.join(
                subject.swahili(),
                form.conjugate(subject.concord(), tense, negative),
                object.map(NounPhrase::swahili).orElse(""),
                place.map(Place::swahili).orElse(""),
                time.map(Time::swahili).orElse(""));
    }

    @Override
    public Stream<Combination> combinations() {
        Stream<Combination> inObject =
                object.stream()
                        .flatMap(o ->
                                Stream.concat(
                                        o.combinations(),
                                        Stream.of(
                                                new Combination(
                                                        verb.stem(), o.noun().singular()))));
        return Stream.concat(Clause.within(subject), inObject);
    }

    /** "I read" needs an adverb of time to be present or past. */
    @Override
    public boolean sound() {
        boolean ambiguous = verb.english().ambiguous(subject.agreement(), tense, negative);
        return (!ambiguous || time.filter(Time::separatesPresentFromPast).isPresent())
                && object.filter(o -> !Clause.suits(o, negative)).isEmpty();
    }
}
