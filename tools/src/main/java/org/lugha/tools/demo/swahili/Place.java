package org.lugha.tools.demo.swahili;

import java.util.Set;

/**
 * A place in the locative form (-ni), which Swahili uses for being there and for going there.
 *
 * @param at English for being there
 * @param to English for going there; empty where nobody goes
 */
record Place(String swahili, String at, String to, Set<String> tags) {}
