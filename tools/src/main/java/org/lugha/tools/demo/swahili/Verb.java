package org.lugha.tools.demo.swahili;

import java.util.Set;

/**
 * A verb of the word list.
 *
 * @param stem Swahili stem without ku-
 * @param subjects a noun with one of these tags can be the subject
 * @param objects a noun with one of these tags can be the object; empty for intransitive verbs
 * @param places tags of the places it can happen at
 * @param monosyllabic keeps ku- in affirmative tenses
 * @param state has no perfect here ("has wanted")
 * @param goal the place is where one goes
 */
record Verb(
        EnglishVerb english,
        String stem,
        Set<String> subjects,
        Set<String> objects,
        Set<String> places,
        boolean monosyllabic,
        boolean state,
        boolean goal) {
    boolean transitive() {
        return !objects.isEmpty();
    }

    /** Whether a personal pronoun can be its subject. */
    boolean human() {
        return subjects.contains("person");
    }
}
