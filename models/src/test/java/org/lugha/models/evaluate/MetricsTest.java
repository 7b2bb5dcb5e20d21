package org.lugha.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Values and signatures of sacrebleu, and what holds without it. */
class MetricsTest {
    @Test
    void valuesAndSignaturesAreSacrebleus() throws IOException {
        int corpora = 0;
        for (String line :
                Files.readAllLines(SharedData.beside(MetricsTest.class, "scores.jsonl"))) {
            JsonNode golden = new JsonMapper().readTree(line);
            List<String> hyp = strings(golden.get("hyp"));
            List<String> ref = strings(golden.get("ref"));
            assertScore(golden, "bleu", Bleu.corpus(hyp, ref));
            assertScore(golden, "chrf", ChrF.corpus(hyp, ref));
            assertScore(golden, "chrf++", ChrF.corpusPlusPlus(hyp, ref));
            corpora++;
        }
        assertTrue(corpora > 40);
    }

    private static void assertScore(JsonNode golden, String key, Score score) {
        JsonNode expected = golden.get(key);
        assertEquals(expected.get("name").stringValue(), score.name());
        assertEquals(expected.get("signature").stringValue(), score.signature());
        double value = expected.get("value").doubleValue();
        assertEquals(value, score.value(), 1e-9 * Math.abs(value), () -> key + " of " + golden);
    }

    private static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        list.forEach(s -> strings.add(s.stringValue()));
        return strings;
    }

    @Test
    void exactMatchCountsEqualLines() {
        Score s = ExactMatch.corpus(List.of("a", "b ", "", "ẹ"), List.of("a", "b", "", "e\u0323"));
        assertEquals(new Score("exact", 50, "nrefs:1|case:mixed"), s);
    }

    @Test
    void severalReferencesMatchOneOfThem() {
        List<List<String>> refs = List.of(List.of("a", "b"), List.of("c", "d"));
        assertEquals(50, new ExactMatch().score(List.of("c", "x"), refs).value());
    }

    /** Figures worked out by hand from scikit-learn's definitions. */
    @Test
    void labelsAreCountedClassByClass() {
        List<String> was = List.of("pos", " neg", "neg", "neu", "pos", "odd");
        List<String> should = List.of("pos", "neg", "pos", "neu ", "neg", "pos");
        LabelReport r = LabelReport.of(was, should);
        assertEquals(List.of("neg", "neu", "odd", "pos"), List.copyOf(r.classes().keySet()));
        LabelReport.OfClass pos = r.classes().get("pos");
        assertEquals(1 / 2.0, pos.precision());
        assertEquals(1 / 3.0, pos.recall(), 1e-15);
        assertEquals(0.4, pos.f1(), 1e-15);
        assertEquals(0, r.classes().get("odd").recall(), "never right and undefined");
        assertEquals(0, r.classes().get("odd").f1());
        Score accuracy = new Accuracy().score(was, List.of(should));
        assertEquals(new Score("accuracy", 0.5, r.signature()), accuracy);
        double f1 = new MacroF1().score(was, List.of(should)).value();
        assertEquals((0.5 + 1 + 0 + 0.4) / 4, f1, 1e-15);
    }

    @Test
    void metricsHaveNames() {
        for (String name : CorpusMetric.NAMES) {
            Score all = CorpusMetric.of(name).score(List.of("x y"), List.of(List.of("x y")));
            boolean shares = name.equals("accuracy") || name.equals("macro-f1");
            double best = name.equals("ter") || name.equals("bleu") ? 0 : shares ? 1 : 100;
            assertEquals(best, all.value(), name);
        }
        assertThrows(IllegalArgumentException.class, () -> CorpusMetric.of("blue"));
        assertEquals(100, new Bleu().sentence("x y", List.of("x y")).value(), 1e-9);
    }

    @Test
    void wantsOneReferenceForEachHypothesis() {
        for (List<String> refs : List.of(List.of("a", "b"), List.<String>of())) {
            IllegalArgumentException e =
                    assertThrows(
                            IllegalArgumentException.class, () -> Bleu.corpus(List.of("a"), refs));
            assertTrue(e.getMessage().startsWith("BLEU: expected one reference"));
        }
        assertThrows(IllegalArgumentException.class, () -> ChrF.corpus(List.of(), List.of()));
    }
}
