package org.lugha.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.models.checkpoint.SharedData;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All settings of all metrics, with several references, against what sacrebleu 2.6.0 gave. */
class SacrebleuTest {
    /** Of golden/metrics.py; the long form is made with it from real text. */
    private static final String LONG = System.getProperty("lugha.metrics", "");

    private static final String MODEL = "data/tokenizers/sp-unigram-multi8k/spm.model";

    @Test
    void everySettingIsSacrebleus() throws IOException {
        assertEquals(4 * 22, compare(SharedData.beside(SacrebleuTest.class, "metrics.jsonl")));
    }

    @Test
    void realTextToo() throws IOException {
        assumeTrue(!LONG.isEmpty(), "no -Dlugha.metrics=FILE made by golden/metrics.py");
        assertTrue(compare(Path.of(LONG)) > 600);
    }

    private static int compare(Path file) throws IOException {
        int scores = 0;
        double worst = 0;
        for (String line : Files.readAllLines(file)) {
            JsonNode golden = JsonMapper.shared().readTree(line);
            List<String> hyp = strings(golden.get("hyp"));
            List<List<String>> refs = new ArrayList<>();
            golden.get("refs").forEach(r -> refs.add(strings(r)));
            for (JsonNode expected : golden.get("scores")) {
                Score score = metric(expected).score(hyp, refs);
                assertEquals(expected.get("name").stringValue(), score.name());
                assertEquals(expected.get("signature").stringValue(), score.signature());
                double value = expected.get("value").doubleValue();
                assertEquals(value, score.value(), 1e-9, () -> expected + " of " + refs.getFirst());
                worst = Math.max(worst, Math.abs(value - score.value()));
                scores++;
            }
        }
        assertTrue(worst < 1e-9);
        return scores;
    }

    private static CorpusMetric metric(JsonNode expected) {
        JsonNode o = expected.get("options");
        return switch (expected.get("metric").stringValue()) {
            case "bleu" ->
                    new Bleu(
                            segmentation(text(o, "tokenize", "13a")),
                            is(o, "lowercase"),
                            smoothing(o),
                            is(o, "effective"));
            case "chrf" ->
                    new ChrF(
                            number(o, "characters", 6),
                            number(o, "words", 0),
                            number(o, "beta", 2),
                            is(o, "lowercase"),
                            is(o, "whitespace"));
            default ->
                    new Ter(
                            is(o, "normalized"),
                            is(o, "no_punct"),
                            is(o, "asian_support"),
                            is(o, "case_sensitive"));
        };
    }

    private static Segmentation segmentation(String name) {
        return name.equals("spm")
                ? new PieceSegmentation(Tokenizer.load(SharedData.path(MODEL)), "spm")
                : Arrays.stream(RuleSegmentation.values())
                        .filter(s -> s.signature().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    private static Smoothing smoothing(JsonNode o) {
        String name = text(o, "smooth", "exp");
        for (Smoothing.Method m : Smoothing.Method.values()) {
            if (m.word().equals(name)) {
                boolean given = o.has("value") && !o.get("value").isNull();
                return new Smoothing(m, given ? o.get("value").doubleValue() : m.usualValue());
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static boolean is(JsonNode o, String key) {
        return o.has(key) && o.get(key).booleanValue();
    }

    private static int number(JsonNode o, String key, int otherwise) {
        return o.has(key) ? o.get(key).intValue() : otherwise;
    }

    private static String text(JsonNode o, String key, String otherwise) {
        return o.has(key) ? o.get(key).stringValue() : otherwise;
    }

    private static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        list.forEach(s -> strings.add(s.stringValue()));
        return strings;
    }
}
