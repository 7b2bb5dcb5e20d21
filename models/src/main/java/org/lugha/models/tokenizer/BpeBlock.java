package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** How the block {@code model} of tokenizer.json says BPE. */
final class BpeBlock {
    private BpeBlock() {}

    static Bpe parse(JsonNode block) {
        JsonNode dropout = block.path("dropout");
        if (dropout.isNumber() && dropout.doubleValue() != 0) {
            throw Json.unsupported("BPE option", "dropout");
        }
        Map<String, Integer> vocab = Algorithm.vocab(block);
        List<String[]> merges = new ArrayList<>();
        Json.list(block, "merges")
                .forEach(m -> {
                    if (!m.isString() || !m.stringValue().startsWith("#version")) {
                        merges.add(pair(m));
                    }
                });
        String prefix = Json.optionalText(block, "continuing_subword_prefix");
        String suffix = Json.optionalText(block, "end_of_word_suffix");
        BpeSymbols symbols =
                new BpeSymbols(
                        vocab,
                        prefix == null ? "" : prefix,
                        suffix == null ? "" : suffix,
                        Json.flag(block, "byte_fallback", false),
                        Json.optionalText(block, "unk_token"),
                        Json.flag(block, "fuse_unk", false));
        return new Bpe(vocab, merges, Json.flag(block, "ignore_merges", false), symbols);
    }

    /** Files have "a b" or, since spaces may be in tokens, ["a","b"]. */
    private static String[] pair(JsonNode merge) {
        if (merge.isString()) {
            String s = merge.stringValue();
            int space = s.indexOf(' ');
            if (space >= 0 && space == s.lastIndexOf(' ')) {
                return new String[] {s.substring(0, space), s.substring(space + 1)};
            }
        } else if (merge.size() == 2 && merge.get(0).isString() && merge.get(1).isString()) {
            return new String[] {merge.get(0).stringValue(), merge.get(1).stringValue()};
        }
        throw new TokenizerException(
                "tokenizer.json: expected a merge as \"a b\" or [\"a\",\"b\"], got %s; is the file complete?"
                        .formatted(Json.brief(merge)));
    }
}
