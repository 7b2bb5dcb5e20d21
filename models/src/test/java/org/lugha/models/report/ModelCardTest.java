package org.lugha.models.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.energy.Energy;
import org.lugha.models.report.ReportData.Evaluation;
import org.lugha.models.report.ReportData.Fact;
import org.lugha.models.report.ReportData.Source;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ModelCardTest {
    @Test
    void theHeadIsYamlThatSaysWhatTheHubAsksFor() {
        JsonNode head = head(card("qlora", true, "CC-BY-4.0"));
        assertEquals("[\"no\",\"yor\",\"eng\"]", head.get("language").toString());
        assertEquals("cc-by-4.0", head.get("license").stringValue());
        assertEquals("peft", head.get("library_name").stringValue());
        assertEquals("org/base", head.get("base_model").stringValue());
        assertEquals("[\"lugha\",\"qlora\",\"adapter\",\"lora\"]", head.get("tags").toString());
        assertEquals("[\"people/no-yor\"]", head.get("datasets").toString());
        assertEquals("[\"perplexity\",\"chrf\"]", head.get("metrics").toString());
        assertEquals("text-generation", head.get("pipeline_tag").stringValue());
        JsonNode co2 = head.get("co2_eq_emissions");
        assertEquals(162.3, co2.get("emissions").doubleValue());
        assertEquals("fine-tuning", co2.get("training_type").stringValue());
        assertTrue(co2.get("source").stringValue().contains("estimated"));
        assertEquals("2 cores: \"fast\"", co2.get("hardware_used").stringValue());
        JsonNode results = head.get("model-index").get(0).get("results");
        assertEquals(1, results.size());
        assertEquals("yor", results.get(0).get("dataset").get("type").stringValue());
        JsonNode chrf = results.get(0).get("metrics").get(2);
        assertEquals("chrf", chrf.get("type").stringValue());
        assertEquals("chrf++", chrf.get("name").stringValue());
        assertEquals(30.5, chrf.get("value").doubleValue(), "of the saved step, not of the last");
    }

    @Test
    void theTextSaysWhereTheDataIsFromAndWhatIsNotKnown() {
        String text = card("lora", true, "").markdown();
        assertTrue(text.contains("| people/no-yor | no | 10 | 16 | 56.3 % | 1.50 | CC0-1.0 |"));
        assertTrue(text.contains("agreed \\| in writing \\<b\\>"), "one cell, no HTML");
        assertTrue(text.contains("No licence is stated for `b.jsonl`"));
        assertTrue(text.contains("| yor | loss | 4.000 | 2.000 |"));
        assertTrue(
                text.contains("Training took 0.3417 kWh and 162.3 g of CO2 equivalent (estimated"));
        assertTrue(text.contains("--prompt 'eng: it'\\''s\nyor:'"));
        assertTrue(text.contains("tokenizer(\"eng: it's\\nyor:\", return_tensors=\"pt\")"));
        assertTrue(text.contains("PeftModel.from_pretrained(base, \"runs/yo/adapter\")"));
    }

    @Test
    void methodsThatPeftCannotReadShowLughaAlone() {
        ModelCard card = card("adapter", true, "my own!");
        assertEquals("lugha", head(card).get("library_name").stringValue());
        assertFalse(card.markdown().contains("peft"));
        assertEquals("other", head(card).get("license").stringValue());
        assertEquals("my-own-", head(card).get("license_name").stringValue());
        assertEquals(
                "transformers", head(card("full", false, "")).get("library_name").stringValue());
    }

    @Test
    void aCardOfAlmostNothingIsStillACard() {
        ModelCard card =
                new ModelCard(
                        "x",
                        "model",
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        "full",
                        "",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        3,
                        Optional.empty(),
                        "",
                        "");
        assertEquals(3, head(card).size(), head(card).toString());
        assertTrue(card.markdown().contains("trained from random weights"));
        assertTrue(card.markdown().contains("It was not evaluated."));
    }

    @Test
    void foldersTellTheirNameOnTheHub(@TempDir Path folder) throws IOException {
        assertEquals(
                Optional.of("Qwen/Qwen2.5-0.5B"),
                HubId.of(Path.of("hub/models--Qwen--Qwen2.5-0.5B/snapshots/060db6")));
        assertEquals(Optional.empty(), HubId.of(folder));
        Files.writeString(folder.resolve("config.json"), "{\"_name_or_path\": \"org/base\"}");
        assertEquals(Optional.of("org/base"), HubId.of(folder));
        Files.writeString(folder.resolve("config.json"), "{\"_name_or_path\": \"./base/1\"}");
        assertEquals(Optional.empty(), HubId.of(folder));
    }

    private static JsonNode head(ModelCard card) {
        String text = card.markdown();
        assertTrue(text.startsWith("---\n"));
        return new YAMLMapper().readTree(text.substring(4, text.indexOf("\n---\n") + 1));
    }

    private static ModelCard card(String method, boolean adapter, String licence) {
        List<Evaluation> evaluations =
                List.of(
                        new Evaluation(0, "yor", 4, Double.NaN, 10, Map.of()),
                        new Evaluation(50, "yor", 2, Double.NaN, 10, Map.of("chrf++", 30.5)),
                        new Evaluation(60, "yor", 3, Double.NaN, 10, Map.of("chrf++", 1.0)));
        return new ModelCard(
                "yo: \"adapter\"\n---\n",
                "runs/yo/adapter",
                Optional.of("checkpoints/base"),
                Optional.of("org/base"),
                adapter,
                method,
                licence,
                List.of("eng"),
                List.of(new Fact("rank", "16")),
                List.of(
                        new Source(
                                "a.jsonl",
                                "people/no-yor",
                                "no",
                                10,
                                16,
                                9,
                                1.5,
                                0.5,
                                0.5,
                                "CC0-1.0",
                                "agreed | in\nwriting <b>"),
                        new Source("b.jsonl", "", "yor_Latn", 1, -1, -1, 1, 0.5, 0.5, "", "")),
                evaluations,
                50,
                Optional.of(
                        new Energy(
                                0.3417,
                                OptionalDouble.of(162.3),
                                "x",
                                false,
                                "estimated: because")),
                "2 cores: \"fast\"",
                "eng: it's\nyor:");
    }
}
