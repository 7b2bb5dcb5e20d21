package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Greedy and beam search with repetition penalties, against transformers' (golden/generation.py).
 */
class GenerationGoldenTest {
    private static CausalLM model() {
        return CausalLM.load(TinyModels.folder("generation"), Devices.get("reference"), DType.F32);
    }

    private static int[] ids(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    @Test
    void whatTransformersGenerates() throws IOException {
        List<String> lines =
                Files.readAllLines(TinyModels.folder("generation").resolve("cases.jsonl"));
        assertEquals(40, lines.size());
        try (CausalLM model = model()) {
            for (String line : lines) {
                JsonNode c = JsonMapper.shared().readTree(line);
                var options =
                        new GenerationOptions(
                                        c.get("max_new_tokens").intValue(),
                                        Sampler.greedy(),
                                        Arrays.stream(ids(c.get("end"))).boxed().toList())
                                .withRepetitionPenalty(c.get("repetition_penalty").doubleValue());
                int beams = c.get("beams").intValue();
                double penalty = c.get("length_penalty").doubleValue();
                int[] prompt = ids(c.get("prompt"));
                int[] made =
                        beams == 1
                                ? model.generate(List.of(prompt), options).getFirst()
                                : model.search(prompt, options, beams, penalty);
                assertArrayEquals(ids(c.get("made")), made, line);
            }
        }
    }

    @Test
    void rowsOfABatchHaveTheirOwnPenaltiesAndWatchers() {
        try (CausalLM model = model()) {
            List<int[]> prompts =
                    List.of(new int[] {4, 7, 9, 11, 3}, new int[] {8}, new int[] {5, 5});
            var options =
                    new GenerationOptions(9, Sampler.of(1.2, 12, 0.9, 3), List.of())
                            .withRepetitionPenalty(1.4);
            List<int[]> batch =
                    model.generate(
                            prompts,
                            options.withWatcher((row, made) -> row == 1 && made.length == 4));
            for (int b = 0; b < prompts.size(); b++) {
                int[] alone = model.generate(List.of(prompts.get(b)), options).getFirst();
                assertArrayEquals(b == 1 ? Arrays.copyOf(alone, 4) : alone, batch.get(b));
            }
        }
    }

    @Test
    void aStreamHandsOnWholeCharactersAndNoBeginningOfAStopString() {
        List<String> pieces = new ArrayList<>();
        var stops = new StopStrings(List.of("END", "\n\n"));
        TextStream stream = new TextStream(stops, pieces::add);
        String[][] parts = {
            {"a", ""},
            {"", "\uFFFD"},
            {"", "\uFFFD\uFFFD"},
            {"\u00e9", ""},
            {" E", ""},
            {"N", ""},
            {"", "d"},
            {"d\n", ""}
        };
        for (String[] p : parts) {
            assertFalse(stream.at(p[0], p[1]));
        }
        assertEquals(List.of("a", "\u00e9", " ", "ENd"), pieces);
        assertTrue(stream.at(".END and", " more"));
        stream.done();
        assertEquals("a\u00e9 ENd\n.", String.join("", pieces));
        assertEquals("x", stops.cut("x\n\ny END"));
        assertThrows(RequestException.class, () -> new StopStrings(List.of("")));
        List<String> rest = new ArrayList<>();
        TextStream open = new TextStream(stops, rest::add);
        open.at("b ", "E");
        open.done();
        assertEquals(List.of("b ", "E"), rest);
    }
}
