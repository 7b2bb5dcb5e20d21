package org.lugha.models.tokenizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The files of a trained vocabulary, as transformers' AutoTokenizer reads them. */
record TrainedFiles(
        SpecialTokens special,
        boolean addBos,
        boolean addEos,
        int modelMaxLength,
        JsonNode normalizer,
        JsonNode preTokenizer,
        JsonNode decoder) {

    static TrainedFiles of(BpeOptions o) {
        return new TrainedFiles(
                o.special(),
                o.addBos(),
                o.addEos(),
                o.modelMaxLength(),
                o.split().normalizer(o.normalization()),
                o.split().block(),
                o.split().decoder(o.byteFallback()));
    }

    static TrainedFiles of(UnigramOptions o) {
        return new TrainedFiles(
                o.special(),
                o.addBos(),
                o.addEos(),
                o.modelMaxLength(),
                WordSplit.SPACES.normalizer(o.normalization()),
                WordSplit.SPACES.block(),
                WordSplit.SPACES.decoder(o.byteFallback()));
    }

    /** Refuses a vocabulary that has no room for what has to be in it. */
    static void requireRoom(int size, SpecialTokens special, boolean bytes, int characters) {
        int least = special.all().size() + (bytes ? 256 : 0) + characters;
        if (size < least) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "train a tokenizer: expected a vocabulary of at least %d (%d special tokens, %d bytes and %d characters of the text), got %d; ask for more, or cover fewer characters",
                            least,
                            special.all().size(),
                            bytes ? 256 : 0,
                            characters,
                            size));
        }
    }

    /** The special tokens have the first ids, in their order. */
    TokenizerFiles with(ObjectNode model) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(TokenizerFiles.TOKENIZER, bytes(tokenizer(model)));
        files.put(TokenizerFiles.CONFIG, bytes(config()));
        return new TokenizerFiles(files);
    }

    private ObjectNode tokenizer(ObjectNode model) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = json.putArray("added_tokens");
        List<String> all = special.all();
        for (int id = 0; id < all.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", all.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        json.set("normalizer", normalizer);
        json.set("pre_tokenizer", preTokenizer);
        json.set("post_processor", postProcessor());
        json.set("decoder", decoder);
        json.set("model", model);
        return json;
    }

    private JsonNode postProcessor() {
        if (!addBos && !addEos) {
            return Json.MAPPER.nullNode();
        }
        ObjectNode block = Json.MAPPER.createObjectNode().put("type", "TemplateProcessing");
        for (String form : List.of("single", "pair")) {
            ArrayNode items = block.putArray(form);
            for (String sequence : form.equals("pair") ? List.of("A", "B") : List.of("A")) {
                int type = sequence.equals("A") ? 0 : 1;
                if (addBos) {
                    item(items, "SpecialToken", special.bos().orElseThrow(), type);
                }
                item(items, "Sequence", sequence, type);
                if (addEos) {
                    item(items, "SpecialToken", special.eos().orElseThrow(), type);
                }
            }
        }
        ObjectNode named = block.putObject("special_tokens");
        List<String> all = special.all();
        for (String token : all) {
            ObjectNode t = named.putObject(token).put("id", token);
            t.putArray("ids").add(all.indexOf(token));
            t.putArray("tokens").add(token);
        }
        return block;
    }

    private static void item(ArrayNode items, String kind, String id, int type) {
        items.addObject().putObject(kind).put("id", id).put("type_id", type);
    }

    private ObjectNode config() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("tokenizer_class", "PreTrainedTokenizerFast");
        special.unknown().ifPresent(t -> json.put("unk_token", t));
        special.bos().ifPresent(t -> json.put("bos_token", t));
        special.eos().ifPresent(t -> json.put("eos_token", t));
        special.pad().ifPresent(t -> json.put("pad_token", t));
        json.put("add_bos_token", addBos).put("add_eos_token", addEos);
        json.put("clean_up_tokenization_spaces", false);
        return json.put("model_max_length", modelMaxLength);
    }

    private static byte[] bytes(ObjectNode json) {
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }
}
