package org.lugha.tools.demo.swahili;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The word lists with the answers to repeated questions kept: which words go together. */
final class Choices {
    private final Lexicon lexicon;
    private final Map<Set<String>, List<Noun>> nouns = new HashMap<>();
    private final Map<Set<String>, List<Place>> places = new HashMap<>();
    private final IdentityHashMap<Noun, List<Adjective>> adjectives = new IdentityHashMap<>();

    Choices(Lexicon lexicon) {
        this.lexicon = lexicon;
    }

    List<Verb> verbs() {
        return lexicon.verbs();
    }

    List<Noun> nouns() {
        return lexicon.nouns();
    }

    /** The nouns with one of the tags, in the order of the list. */
    List<Noun> nouns(Set<String> tags) {
        return nouns.computeIfAbsent(tags, lexicon::nouns);
    }

    /** The adjectives that fit the noun. */
    List<Adjective> adjectives(Noun noun) {
        return adjectives.computeIfAbsent(noun, lexicon::adjectives);
    }

    /** The places with one of the tags. */
    List<Place> places(Set<String> tags) {
        return places.computeIfAbsent(tags, lexicon::places);
    }
}
