package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/**
 * What a tokenizer is made of, in the names of its files.
 *
 * @param type {@code BPE}, {@code Unigram} and so on, or the kind of a SentencePiece model
 * @param vocabulary one more than the largest id
 * @param added how many tokens are found in the text before the model sees it
 * @param blocks normalizer, pre_tokenizer, post_processor and decoder with the types of their
 *     steps; none is an empty list
 * @param special tokens that decoding can leave out, with their ids, by id
 * @param roles bos, eos, pad and unk with their ids, as far as the files name them
 */
public record Description(
        String type,
        int vocabulary,
        int added,
        SequencedMap<String, List<String>> blocks,
        SequencedMap<String, Integer> special,
        SequencedMap<String, Integer> roles) {
    private static final List<String> BLOCKS =
            List.of("normalizer", "pre_tokenizer", "post_processor", "decoder");
    private static final List<String> STEPS =
            List.of("normalizers", "pretokenizers", "processors", "decoders");

    static Description of(TokenizerFiles files, Tokenizer t, Collection<AddedToken> added) {
        SequencedMap<String, List<String>> blocks = new LinkedHashMap<>();
        String type;
        if (files.model() == null) {
            JsonNode json = files.tokenizer();
            JsonNode model = json.path("model");
            type = model.path("type").asString(model.has("merges") ? "BPE" : "Unigram");
            BLOCKS.forEach(name -> blocks.put(name, steps(json.path(name), new ArrayList<>())));
        } else {
            int kind =
                    SentencePieceModel.read(files.content().get(files.model()), files.model())
                            .type();
            type = "SentencePiece " + List.of("unigram", "bpe", "word", "char").get(kind - 1);
            BLOCKS.forEach(name -> blocks.put(name, List.of()));
        }
        SequencedMap<String, Integer> special = new LinkedHashMap<>();
        added.stream()
                .filter(AddedToken::special)
                .sorted(Comparator.comparingInt(AddedToken::id))
                .forEach(a -> special.put(a.content(), a.id()));
        return new Description(type, t.vocabSize(), added.size(), blocks, special, roles(t));
    }

    private static SequencedMap<String, Integer> roles(Tokenizer t) {
        SequencedMap<String, Integer> roles = new LinkedHashMap<>();
        put(roles, "bos", t.bosId());
        put(roles, "eos", t.eosId());
        put(roles, "pad", t.padId());
        put(roles, "unk", t.unknownId());
        return roles;
    }

    private static void put(SequencedMap<String, Integer> roles, String role, OptionalInt id) {
        id.ifPresent(i -> roles.put(role, i));
    }

    private static List<String> steps(JsonNode block, List<String> out) {
        for (String steps : STEPS) {
            block.path(steps).forEach(step -> steps(step, out));
        }
        String type = block.path("type").asString("");
        if (!type.isEmpty() && !type.equals("Sequence")) {
            out.add(type);
        }
        return out;
    }
}
