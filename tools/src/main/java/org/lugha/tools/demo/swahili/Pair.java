package org.lugha.tools.demo.swahili;

/**
 * One sentence in both languages, each capitalised and closed by a full stop.
 *
 * @param english the source
 * @param swahili its only rendering: equal sources have equal renderings
 */
public record Pair(String english, String swahili) {}
