package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A small vocabulary with every block that is supported, against Hugging Face's tokenizers. */
class VariantsTest {
    @TempDir Path dir;

    private static Path resource(String name) {
        return SharedData.beside(VariantsTest.class, name);
    }

    private static ObjectNode base() {
        return (ObjectNode) TokenizerFiles.read(resource("small")).json("tokenizer.json");
    }

    private static Tokenizer tokenizer(JsonNode json) {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        return new Tokenizer(new TokenizerFiles(Map.of("tokenizer.json", bytes)));
    }

    @Test
    void theSmallTokenizerGivesTheReferencesIdsAndRanges() throws IOException {
        Tokenizer small = Tokenizer.load(resource("small"));
        assertTrue(Vectors.assertAll(small, resource("small/vectors.jsonl")) > 20);
    }

    @Test
    void everyVariantGivesTheReferencesIds() throws IOException {
        int variants = 0;
        for (String line : Files.readAllLines(resource("variants.jsonl"))) {
            JsonNode variant = Json.MAPPER.readTree(line);
            ObjectNode json = base();
            variant.get("patch").forEachEntry(json::set);
            Tokenizer t = tokenizer(json);
            String name = variant.get("name").stringValue() + ": ";
            variant.get("vectors").forEach(v -> Vectors.assertOne(name, t, v));
            variants++;
        }
        assertEquals(28, variants);
    }

    /** Hugging Face's decoder takes the ç for a byte and gives U+FFFD. */
    @Test
    void anAddedTokenDecodesToItself() {
        ObjectNode json = base();
        json.withArray("added_tokens").addObject().put("id", 420).put("content", "<français>");
        Tokenizer t = tokenizer(json);
        int[] ids = t.encode("a<français> ç").ids();
        assertEquals(420, ids[1]);
        assertEquals("a<français> ç", t.decode(ids, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "model ; {'type':'Hash'} ; model type 'Hash' is not supported yet",
                "model ; {'type':'BPE','vocab':{},'merges':[],'dropout':0.1} ; BPE option 'dropout'",
                "model ; {'type':'BPE','vocab':{'a':0},'merges':['a b']} ; merge 'b'",
                "model ; {'type':'BPE','vocab':{'a':0},'merges':['a  b']} ; as \"a b\" or",
                "model ; {'type':'BPE','vocab':{'a':-1},'merges':[]} ; expected ids from 0",
                "model ; {'type':'BPE','vocab':{'a':2000000000},'merges':[]} ; expected ids from 0",
                "model ; 3 ; block 'model'",
                "normalizer ; {'type':'Append'} ; normalizer 'Append'",
                "normalizer ; {} ; expected type as text",
                "pre_tokenizer ; {'type':'Sentences'} ; pre_tokenizer 'Sentences'",
                "pre_tokenizer ; {'type':'Split','pattern':{'Regex':'(?~a)'},'behavior':'Isolated'} ; in a pattern '(?~'",
                "pre_tokenizer ; {'type':'Split','pattern':{'Regex':'('},'behavior':'Isolated'} ; pattern \"(\" is not supported",
                "pre_tokenizer ; {'type':'Split','pattern':{'String':'a'},'behavior':'Other'} ; behavior of Split 'Other'",
                "post_processor ; {'type':'PairProcessing'} ; post_processor 'PairProcessing'",
                "post_processor ; {'type':'TemplateProcessing','single':[]} ; without a sequence",
                "decoder ; {'type':'Letters'} ; decoder 'Letters'",
                "added_tokens ; [{'id':7,'content':'<|pad|>'}] ; one id for '<|pad|>', got 0 and 7",
            })
    void refusesByName(String block, String json, String words) {
        ObjectNode changed = base();
        changed.set(block, Json.MAPPER.readTree(json.replace('\'', '"')));
        TokenizerException e = assertThrows(TokenizerException.class, () -> tokenizer(changed));
        assertTrue(e.getMessage().contains(words), e::getMessage);
        assertFalse(e.getMessage().contains("\n"), e::getMessage);
    }

    @Test
    void refusesFilesThatAreMissingOrBroken() throws IOException {
        refused("expected the file tokenizer.json or tokenizer.model, there is none");
        Files.writeString(dir.resolve("tokenizer.json"), "{\n\"model\":");
        refused("tokenizer.json: expected JSON");
        Files.writeString(dir.resolve("tokenizer.json"), base().toString());
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"eos_token\":\"</s>\"}");
        refused("expected eos_token '</s>' in the vocabulary");
        Files.delete(dir.resolve("tokenizer_config.json"));
        Files.writeString(
                dir.resolve("special_tokens_map.json"),
                "{\"eos_token\":{\"content\":\"<|eos|>\"}}");
        assertEquals(2, Tokenizer.load(dir).eosId().orElseThrow());
    }

    private void refused(String words) {
        TokenizerException e = assertThrows(TokenizerException.class, () -> Tokenizer.load(dir));
        assertTrue(e.getMessage().contains(words), e::getMessage);
        assertFalse(e.getMessage().contains("\n"), e::getMessage);
    }
}
