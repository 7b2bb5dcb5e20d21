package org.lugha.models.tokenizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.lugha.models.tokenizer.ExtensionLearner.Merge;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a tokenizer with more tokens in the block {@code model}. Tokens that were added to
 * the vocabulary, such as special ones, become part of it under their ids: a reader that numbers
 * those which are not behind the vocabulary would move them behind the new ones.
 */
record ExtendedFiles(TokenizerFiles files, ObjectNode json, int first) {
    static ExtendedFiles of(TokenizerFiles files, int first) {
        return new ExtendedFiles(files, (ObjectNode) files.tokenizer(), first);
    }

    TokenizerFiles bpe(List<String> tokens, List<Merge> merges) {
        ObjectNode model = (ObjectNode) json.path("model");
        vocabulary((ObjectNode) model.path("vocab"), tokens);
        ArrayNode list = (ArrayNode) model.path("merges");
        boolean pairs =
                (!list.isEmpty() && list.get(list.size() - 1).isArray())
                        || merges.stream().anyMatch(m -> m.made().indexOf(' ') >= 0);
        if (pairs && !list.isEmpty() && list.get(list.size() - 1).isString()) {
            ArrayNode spelled = model.putArray("merges");
            for (JsonNode m : list) {
                if (!m.stringValue().startsWith("#version")) {
                    String[] parts = m.stringValue().split(" ", -1);
                    spelled.addArray().add(parts[0]).add(parts[1]);
                }
            }
            list = spelled;
        }
        for (Merge m : merges) {
            if (pairs) {
                list.addArray().add(m.left()).add(m.right());
            } else {
                list.add(m.left() + " " + m.right());
            }
        }
        return changed();
    }

    /** Tokens that are found in a text before the model sees it. */
    TokenizerFiles special(Algorithm algorithm, List<String> tokens) {
        ArrayNode list = json.withArrayProperty("added_tokens");
        for (int i = 0; i < tokens.size(); i++) {
            list.addObject()
                    .put("id", first + i)
                    .put("content", tokens.get(i))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        return switch (algorithm) {
            case Unigram _ -> unigram(Map.of()); // takes those behind its pieces along
            case WordPiece _, WordLevel _ -> wordPiece(tokens);
            default -> bpe(tokens, List.of());
        };
    }

    TokenizerFiles wordPiece(List<String> tokens) {
        vocabulary((ObjectNode) json.path("model").path("vocab"), tokens);
        return changed();
    }

    TokenizerFiles unigram(Map<String, Double> scores) {
        ArrayNode vocab = (ArrayNode) json.path("model").path("vocab");
        double least = 0;
        for (JsonNode piece : vocab) {
            least = Math.min(least, piece.get(1).doubleValue());
        }
        for (var e : behind(vocab.size()).entrySet()) {
            if (e.getKey() != vocab.size()) {
                throw new TokenizerException(
                        String.format(
                                Locale.ROOT,
                                "extend a tokenizer: expected ids without gaps, since a Unigram's are places in a list, got %d tokens and then '%s' with %d; repair tokenizer.json",
                                vocab.size(),
                                e.getValue(),
                                e.getKey()));
            }
            vocab.addArray().add(e.getValue()).add(least);
        }
        scores.forEach((piece, score) -> vocab.addArray().add(piece).add(score));
        return changed();
    }

    private void vocabulary(ObjectNode vocab, List<String> tokens) {
        Map<Integer, String> added = new TreeMap<>();
        json.path("added_tokens")
                .forEach(t -> {
                    if (!vocab.has(Json.text(t, "content"))) {
                        added.put(Json.number(t, "id"), Json.text(t, "content"));
                    }
                });
        added.forEach((id, token) -> vocab.put(token, id));
        int id = first;
        for (String token : tokens) {
            vocab.put(token, id++);
        }
    }

    /** Added tokens from an id on. */
    private Map<Integer, String> behind(int from) {
        Map<Integer, String> added = new TreeMap<>();
        json.path("added_tokens")
                .forEach(t -> {
                    if (Json.number(t, "id") >= from) {
                        added.put(Json.number(t, "id"), Json.text(t, "content"));
                    }
                });
        return added;
    }

    private TokenizerFiles changed() {
        Map<String, byte[]> all = new LinkedHashMap<>(files.content());
        all.put(
                TokenizerFiles.TOKENIZER,
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        return new TokenizerFiles(all);
    }
}
