package org.lugha.models.tokenizer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a trained tokenizer cuts text before the merges; no token reaches over a cut. */
public enum WordSplit {
    /**
     * Letters with their marks, one space or sign before them included; digits by three; other
     * signs; white space. Tone marks and vowel signs stay in their word in every script.
     */
    WORDS,
    /**
     * GPT-2's pattern, which knows the clitics of English and takes marks for signs: a word such as
     * Yoruba's "ọ̀rọ̀" falls into pieces.
     */
    GPT2;

    private static final String PATTERN =
            "[^\\r\\n\\p{L}\\p{M}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** The block {@code pre_tokenizer} that says so. */
    JsonNode block() {
        if (this == GPT2) {
            return byteLevel(true);
        }
        ObjectNode sequence = Json.MAPPER.createObjectNode().put("type", "Sequence");
        ObjectNode split = sequence.putArray("pretokenizers").addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", PATTERN);
        split.put("behavior", "Isolated").put("invert", false);
        sequence.withArray("pretokenizers").add(byteLevel(false));
        return sequence;
    }

    static ObjectNode byteLevel(boolean useRegex) {
        return Json.MAPPER
                .createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", useRegex);
    }
}
