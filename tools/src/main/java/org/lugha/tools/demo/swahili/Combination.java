package org.lugha.tools.demo.swahili;

/**
 * Two Swahili content words that meet in a sentence: an adjective with its noun or a verb with its
 * object noun. The words are keyed by stem and singular, so every inflected form counts as the same
 * combination.
 */
record Combination(String word, String noun) {
    /** Of 100 combinations this many are reserved for held-out sentences. */
    static final int RESERVED_PERCENT = 8;

    /**
     * Whether no training sentence may hold this combination; a fixed function of the two words.
     */
    boolean reserved() {
        long hash = 0xCBF29CE484222325L;
        String key = word + ' ' + noun;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001B3L;
        }
        return Long.remainderUnsigned(SplitMix64.mix(hash), 100) < RESERVED_PERCENT;
    }
}
