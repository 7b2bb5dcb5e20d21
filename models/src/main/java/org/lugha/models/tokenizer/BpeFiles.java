package org.lugha.models.tokenizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The files of a trained vocabulary, as transformers' AutoTokenizer reads them. */
record BpeFiles(BpeOptions options) {

    JsonNode normalizer() {
        return options.nfc()
                ? Json.MAPPER.createObjectNode().put("type", "NFC")
                : Json.MAPPER.nullNode();
    }

    TokenizerFiles of(List<String> tokens, List<String> merges) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(TokenizerFiles.TOKENIZER, bytes(tokenizer(tokens, merges)));
        files.put(TokenizerFiles.CONFIG, bytes(config()));
        return new TokenizerFiles(files);
    }

    private ObjectNode tokenizer(List<String> tokens, List<String> merges) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = json.putArray("added_tokens");
        for (String token : options.special().all()) {
            added.addObject()
                    .put("id", tokens.indexOf(token))
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        json.set("normalizer", normalizer());
        json.set("pre_tokenizer", options.split().block());
        json.set("post_processor", postProcessor(tokens));
        json.set("decoder", WordSplit.byteLevel(true));
        ObjectNode model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
        }
        merges.forEach(model.putArray("merges")::add);
        return json;
    }

    private JsonNode postProcessor(List<String> tokens) {
        if (!options.addBos() && !options.addEos()) {
            return Json.MAPPER.nullNode();
        }
        ObjectNode block = Json.MAPPER.createObjectNode().put("type", "TemplateProcessing");
        for (String form : List.of("single", "pair")) {
            ArrayNode items = block.putArray(form);
            for (String sequence : form.equals("pair") ? List.of("A", "B") : List.of("A")) {
                int type = sequence.equals("A") ? 0 : 1;
                if (options.addBos()) {
                    item(items, "SpecialToken", options.special().bos().orElseThrow(), type);
                }
                item(items, "Sequence", sequence, type);
                if (options.addEos()) {
                    item(items, "SpecialToken", options.special().eos().orElseThrow(), type);
                }
            }
        }
        ObjectNode special = block.putObject("special_tokens");
        for (String token : options.special().all()) {
            ObjectNode t = special.putObject(token).put("id", token);
            t.putArray("ids").add(tokens.indexOf(token));
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
        options.special().bos().ifPresent(t -> json.put("bos_token", t));
        options.special().eos().ifPresent(t -> json.put("eos_token", t));
        options.special().pad().ifPresent(t -> json.put("pad_token", t));
        json.put("add_bos_token", options.addBos()).put("add_eos_token", options.addEos());
        json.put("clean_up_tokenization_spaces", false);
        return json.put("model_max_length", options.modelMaxLength());
    }

    private static byte[] bytes(ObjectNode json) {
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }
}
