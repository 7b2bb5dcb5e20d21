package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;

/** Published tokenizers, where the folder of large cases has them: every text gives its ids. */
class SharedVectorsTest {
    private static final Path DATA = Path.of("data/tokenizers");

    private static List<JsonNode> vectors(String name) throws IOException {
        List<JsonNode> vectors = new ArrayList<>();
        Path file = SharedData.path(DATA.resolve(name).resolve("vectors.jsonl").toString());
        for (String line : Files.readAllLines(file)) {
            vectors.add(Json.MAPPER.readTree(line));
        }
        return vectors;
    }

    private static Tokenizer load(String path) {
        return Tokenizer.load(SharedData.path(DATA.resolve(path).toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, gpt2, ids, true",
        "bert-uncased, bert-uncased, ids, false",
        "mistral-v1, mistral-v1, ids, true",
        "mistral-v1, mistral-v1/tokenizer.model.v1, ids, true",
        "sp-unigram-multi8k, sp-unigram-multi8k, ids, false",
        "sp-unigram-multi8k, sp-unigram-multi8k/spm.model, sentencepiece_ids, false",
        "sp-unigram-en1k, sp-unigram-en1k/test_model.model, ids, false"
    })
    void givesTheIdsOfTheReference(String name, String path, String key, boolean roundTrip)
            throws IOException {
        Tokenizer t = load(path);
        List<JsonNode> vectors = vectors(name);
        assertEquals(true, vectors.size() > 150);
        for (JsonNode v : vectors) {
            String text = v.get("text").stringValue();
            int[] ids = t.encode(text, false).ids();
            assertArrayEquals(Vectors.ints(v.get(key)), ids, () -> path + v);
            if (roundTrip) {
                assertEquals(text, t.decode(ids, false));
            }
        }
    }

    @Test
    void addsTheSpecialTokensOfXlmR() throws IOException {
        Tokenizer t = load("sp-unigram-multi8k");
        for (JsonNode v : vectors("sp-unigram-multi8k")) {
            assertArrayEquals(
                    Vectors.ints(v.get("hf_ids")), t.encode(v.get("text").stringValue()).ids());
        }
    }

    @Test
    void knowsTheSpecialTokensOfGpt2() {
        Tokenizer gpt2 = load("gpt2");
        assertEquals(OptionalInt.of(50256), gpt2.eosId());
        assertEquals(OptionalInt.empty(), gpt2.padId());
        assertEquals(50257, gpt2.vocabSize());
    }

    @Test
    void textsOfAllScriptsComeBack() throws IOException {
        for (String name : List.of("gpt2", "mistral-v1", "mistral-v1/tokenizer.model.v1")) {
            Tokenizer t = load(name);
            for (String file : List.of("amh", "ike", "uig_arab", "yor", "zul", "tir")) {
                String text = Files.readString(SharedData.path("data/udhr/" + file + ".txt"));
                assertEquals(text, t.decode(t.encode(text).ids(), false), name + file);
            }
        }
    }
}
