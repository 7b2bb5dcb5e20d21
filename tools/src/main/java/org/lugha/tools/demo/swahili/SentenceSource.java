package org.lugha.tools.demo.swahili;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Draws sentences that make sense, all kinds of clauses mixed. */
final class SentenceSource {
    private static final List<Tense> TENSES = List.of(Tense.values());
    private static final List<Tense> COPULA_TENSES =
            List.of(Tense.PRESENT, Tense.PRESENT, Tense.PAST, Tense.FUTURE);

    /** Qualities are stated, not foretold: no "the woman will be tall". */
    private static final List<Tense> QUALITY_TENSES =
            List.of(Tense.PRESENT, Tense.PRESENT, Tense.PAST);

    private static final List<Time> TIMES = List.of(Time.values());
    private static final int LONGEST = 9;

    private final Choices words;
    private final SplitMix64 random;
    private final PhraseSource phrases;

    SentenceSource(Lexicon lexicon, long seed) {
        words = new Choices(lexicon);
        random = new SplitMix64(seed);
        phrases = new PhraseSource(words, random);
    }

    /** A clause of at most nine English words that has one translation only. */
    Clause next() {
        while (true) {
            Clause clause = draw();
            if (clause.english().split(" ", -1).length <= LONGEST && clause.sound()) {
                return clause;
            }
        }
    }

    private Clause draw() {
        int kind = random.below(100);
        if (kind < 66) {
            return action();
        }
        if (kind < 82) {
            return description();
        }
        if (kind < 87) {
            return identity();
        }
        return kind < 92 ? location() : possession();
    }

    private Clause action() {
        Verb verb = random.pick(words.verbs());
        Optional<NounPhrase> object =
                verb.transitive()
                        ? Optional.of(phrases.phrase(random.pick(words.nouns(verb.objects()))))
                        : Optional.empty();
        Tense tense = random.pick(TENSES);
        if (verb.state() && tense == Tense.PERFECT) {
            tense = Tense.PRESENT;
        }
        boolean negative = random.chance(30);
        return new Action(
                phrases.subject(verb.subjects()),
                verb,
                object,
                tense,
                negative,
                place(verb, object),
                time(verb, tense, negative));
    }

    /** Nothing that is a place itself is done somewhere: no "sees the town in the forest". */
    private Optional<Place> place(Verb verb, Optional<NounPhrase> object) {
        boolean immovable =
                object.map(o -> o.noun().tags())
                        .filter(tags -> tags.contains("place") || tags.contains("build"))
                        .isPresent();
        if (immovable || verb.places().isEmpty() || !random.chance(30)) {
            return Optional.empty();
        }
        return Optional.of(random.pick(words.places(verb.places())));
    }

    /** States and "not yet" go without adverbs. */
    private Optional<Time> time(Verb verb, Tense tense, boolean negative) {
        if (verb.state() || (negative && tense == Tense.PERFECT) || !random.chance(25)) {
            return Optional.empty();
        }
        List<Time> fitting =
                TIMES.stream().filter(t -> t.fits(tense) && (verb.human() || t.dated())).toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(random.pick(fitting));
    }

    private Clause description() {
        boolean pronoun = random.chance(15);
        Noun noun = random.pick(pronoun ? words.nouns(Set.of("person")) : words.nouns());
        List<Adjective> fitting = words.adjectives(noun);
        Subject subject =
                pronoun ? random.pick(List.of(Pronoun.values())) : phrases.plainPhrase(noun);
        return new Description(
                subject, random.pick(QUALITY_TENSES), random.chance(30), random.pick(fitting));
    }

    private Clause identity() {
        Subject subject =
                random.chance(40)
                        ? random.pick(List.of(Pronoun.values()))
                        : phrases.plainPhrase(random.pick(words.nouns(Set.of("some"))));
        Noun job = random.pick(words.nouns(Set.of("job")));
        NounPhrase predicate =
                phrases.described(
                        NounPhrase.of(
                                job, subject.plural(), subject.plural() ? Article.NONE : Article.A),
                        40);
        return new Identity(subject, random.pick(COPULA_TENSES), random.chance(30), predicate);
    }

    private Clause location() {
        boolean person = random.chance(50);
        Subject subject = phrases.subject(Set.of(person ? "person" : "port"));
        Place place = random.pick(words.places(Set.of(person ? "any" : "put")));
        return new Location(subject, random.pick(COPULA_TENSES), random.chance(30), place);
    }

    private Clause possession() {
        Noun noun = random.pick(words.nouns(Set.of("goods", "have", "pet")));
        NounPhrase object = phrases.indefinitePhrase(noun);
        return new Possession(
                phrases.subject(Set.of("person")),
                random.pick(COPULA_TENSES),
                random.chance(30),
                object);
    }
}
