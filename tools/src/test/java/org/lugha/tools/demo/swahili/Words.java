package org.lugha.tools.demo.swahili;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Builds phrases and sentences of the word lists by their English words, for the tests. */
final class Words {
    static final Lexicon LEXICON = Lexicon.load();

    private Words() {}

    /** "this red book", "two children", "their white cups", "another nice dog", "a teacher". */
    static NounPhrase phrase(String english) {
        List<String> words = Arrays.asList(english.replace("a few", "few").split(" ", -1));
        String head = words.getLast();
        Noun noun =
                one(LEXICON.nouns(), n -> List.of(n.english(), n.englishPlural()).contains(head));
        boolean plural = head.equals(noun.englishPlural());
        NounPhrase phrase =
                NounPhrase.of(noun, plural, determiner(words.getFirst(), plural, words.size()));
        boolean bare = phrase.determiner() == Article.NONE;
        if (words.size() > (bare ? 1 : 2)) {
            return phrase.with(adjective(words.get(words.size() - 2), noun));
        }
        return phrase;
    }

    private static Determiner determiner(String word, boolean plural, int size) {
        List<Determiner> all =
                List.of(
                                List.<Determiner>of(Article.THE, Article.A),
                                List.<Determiner>of(Possessive.values()),
                                List.<Determiner>of(Demonstrative.values()),
                                List.<Determiner>of(Quantity.values()))
                        .stream()
                        .flatMap(List::stream)
                        .toList();
        String wanted = word.equals("few") ? "a few" : word.equals("an") ? "a" : word;
        return all.stream()
                .filter(d -> size > 1 && d.english(plural, "book").equals(wanted))
                .findFirst()
                .orElse(Article.NONE);
    }

    static Adjective adjective(String english, Noun noun) {
        return one(LEXICON.adjectives(), a -> a.english().equals(english) && a.fits(noun));
    }

    /** An adjective of people, as it is said of a pronoun. */
    static Adjective adjective(String english) {
        return adjective(english, phrase("the teacher").noun());
    }

    /** A pronoun, or a phrase as above. */
    static Subject subject(String english) {
        return Arrays.stream(Pronoun.values())
                .<Subject>map(p -> p)
                .filter(p -> p.english().equals(english))
                .findFirst()
                .orElseGet(() -> phrase(english));
    }

    /** The verb for this object, or the intransitive one for an empty object. */
    static Verb verb(String english, String object) {
        return one(
                LEXICON.verbs(),
                v ->
                        v.english().base().equals(english)
                                && (object.isEmpty()
                                        ? !v.transitive()
                                        : LEXICON.nouns(v.objects())
                                                .contains(phrase(object).noun())));
    }

    static Optional<Place> place(String english) {
        return LEXICON.places().stream()
                .filter(p -> List.of(p.at(), p.to()).contains(english) && !english.isEmpty())
                .findFirst();
    }

    static Optional<Time> time(String english) {
        return Arrays.stream(Time.values()).filter(t -> t.english().equals(english)).findFirst();
    }

    private static <T> T one(List<T> list, Function<T, Boolean> wanted) {
        List<T> found = list.stream().filter(wanted::apply).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("expected one entry, found " + found);
        }
        return found.getFirst();
    }
}
