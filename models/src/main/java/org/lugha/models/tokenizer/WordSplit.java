package org.lugha.models.tokenizer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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
    GPT2,
    /**
     * Before every space, which is written as U+2581 and put before each text too. Words are made
     * of characters, and those outside the vocabulary are spelled in bytes: Llama 2's way.
     */
    SPACES;

    private static final String PATTERN =
            "[^\\r\\n\\p{L}\\p{M}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String SPACE = String.valueOf(Algorithm.SPACE);

    /** The block {@code pre_tokenizer} that says so. */
    JsonNode block() {
        if (this == SPACES) {
            // The normalizer puts the sign before the text: Metaspace itself would leave it out
            // where a text begins with a space, which would then be lost in decoding.
            return of("Metaspace")
                    .put("replacement", SPACE)
                    .put("prepend_scheme", "never")
                    .put("split", true);
        }
        if (this == GPT2) {
            return byteLevel(true);
        }
        ObjectNode sequence = of("Sequence");
        ObjectNode split = sequence.putArray("pretokenizers").addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", PATTERN);
        split.put("behavior", "Isolated").put("invert", false);
        sequence.withArray("pretokenizers").add(byteLevel(false));
        return sequence;
    }

    /** The block {@code normalizer}. */
    JsonNode normalizer(Normalization form) {
        if (this != SPACES) {
            return form.block();
        }
        ObjectNode prepend = of("Prepend").put("prepend", SPACE);
        if (form == Normalization.NONE) {
            return prepend;
        }
        ObjectNode sequence = of("Sequence");
        sequence.putArray("normalizers").add(form.block()).add(prepend);
        return sequence;
    }

    /** The block {@code decoder}. */
    JsonNode decoder(boolean byteFallback) {
        if (this != SPACES) {
            return byteLevel(true);
        }
        ObjectNode sequence = of("Sequence");
        ArrayNode parts = sequence.putArray("decoders");
        ObjectNode replace = parts.addObject().put("type", "Replace");
        replace.putObject("pattern").put("String", SPACE);
        replace.put("content", " ");
        if (byteFallback) {
            parts.addObject().put("type", "ByteFallback");
        }
        parts.addObject().put("type", "Fuse");
        parts.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
        return sequence;
    }

    private static ObjectNode of(String type) {
        return Json.MAPPER.createObjectNode().put("type", type);
    }

    private static ObjectNode byteLevel(boolean useRegex) {
        return of("ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", useRegex);
    }
}
