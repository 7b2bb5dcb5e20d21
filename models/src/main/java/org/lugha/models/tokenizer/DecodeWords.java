package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Tokens as words with spaces between them, and English spacing cleaned up. */
sealed interface DecodeWords extends Decoder {
    /** Continuing tokens join the one before. */
    record Pieces(String prefix, boolean cleanup) implements DecodeWords {
        @Override
        public List<String> apply(List<String> tokens) {
            List<String> out = new ArrayList<>(tokens.size());
            for (String token : tokens) {
                String word = token;
                if (!out.isEmpty()) {
                    word =
                            token.startsWith(prefix)
                                    ? token.substring(prefix.length())
                                    : " " + token;
                }
                out.add(cleanup ? clean(word) : word);
            }
            return out;
        }
    }

    /** The frames of a recogniser: repeated tokens count once, padding not at all. */
    record Ctc(String pad, String delimiter, boolean cleanup) implements DecodeWords {
        @Override
        public List<String> apply(List<String> tokens) {
            List<String> out = new ArrayList<>(tokens.size());
            String last = null;
            for (String token : tokens) {
                if (!token.equals(last)) {
                    String word = pad.isEmpty() ? token : token.replace(pad, "");
                    word = cleanup ? clean(word).replace(delimiter, " ") : word;
                    if (!word.isEmpty()) {
                        out.add(word);
                    }
                }
                last = token;
            }
            return out;
        }
    }

    private static String clean(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" do not", " don't")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
