package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.models.CausalLM;
import org.lugha.models.GenerationOptions;
import org.lugha.models.RequestException;
import org.lugha.models.Sampler;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;

/** Prompts and prefixes in batches of all kinds. */
class VirtualTokensTest {
    private static final int[] SHORT = {4, 7, 9};
    private static final int[] LONG = {5, 6, 11, 4, 8, 9};

    static Stream<Arguments> cases() {
        List<PeftConfig> methods =
                List.of(
                        new PromptTuning(3, new PromptStart.Vocabulary()),
                        new PrefixTuning(2, false, 0),
                        new PrefixTuning(2, true, 3));
        return Stream.of("llama", "gpt2", "mistral")
                .flatMap(f -> methods.stream().map(m -> Arguments.of(f, m)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreThoseOfTheDefinition(String family, PeftConfig method) {
        try (var model = Gradients.wide(family)) {
            method.attachTo(model, 3);
            Gradients.check(model);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rowsTogetherGiveWhatEachGivesAlone(String family, PeftConfig method) {
        try (var model = Gradients.wide(family);
                var _ = Scope.open("test")) {
            double[] base = model.logits(LONG).toArray();
            Attached adapter = method.attachTo(model, 3);
            double[] one = model.logits(SHORT).toArray();
            double[] other = model.logits(LONG).toArray();
            assertEquals(base.length, other.length);
            assertFalse(Arrays.equals(base, other));
            double[] both = model.logits(Tokens.rows(LONG, SHORT)).value().toArray();
            assertArrayEquals(other, Arrays.copyOf(both, other.length), 1e-9);
            int second = other.length;
            assertArrayEquals(one, Arrays.copyOfRange(both, second, second + one.length), 1e-9);

            int[] row = IntStream.concat(IntStream.of(SHORT), IntStream.of(LONG)).toArray();
            Tokens packed = Tokens.packed(new int[][] {row, LONG}, new int[][] {{3, 6}, {6}});
            double[] all = model.logits(packed).value().toArray();
            assertArrayEquals(one, Arrays.copyOf(all, one.length), 1e-9);
            assertArrayEquals(
                    other, Arrays.copyOfRange(all, one.length, one.length + second), 1e-9);
            int third = one.length + second;
            assertArrayEquals(other, Arrays.copyOfRange(all, third, third + second), 1e-9);

            Tokens rows = Tokens.rows(LONG, SHORT);
            int[][] labels = {LONG, SHORT};
            boolean predicts = method instanceof PromptTuning;
            assertEquals(predicts ? 9 : 7, model.counted(rows, labels));
            double[][] nll = model.nll(rows, labels);
            double loss = model.loss(rows, labels, 1, false, 0).item();
            double sum = Stream.of(nll).flatMapToDouble(Arrays::stream).sum();
            assertEquals(sum, loss, 1e-9);
            adapter.close();
            assertArrayEquals(base, model.logits(LONG).toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void generationGoesOnAsWholeRowsDo(String family, PeftConfig method) {
        try (var model = Gradients.wide(family)) {
            method.attachTo(model, 3);
            var made = model.generate(List.of(SHORT, LONG), 4, Sampler.greedy(), List.of());
            assertArrayEquals(whole(model, SHORT), made.get(0));
            assertArrayEquals(whole(model, LONG), made.get(1));
            var options = new GenerationOptions(4, Sampler.greedy(), List.of());
            assertEquals(4, model.search(SHORT, options, 2, 1).length);
        }
    }

    /** Greedily without a cache. */
    private static int[] whole(CausalLM model, int... prompt) {
        List<Integer> row = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
        for (int i = 0; i < 4; i++) {
            try (var _ = Scope.open("test")) {
                int[] ids = row.stream().mapToInt(t -> t).toArray();
                double[] logits = model.logits(ids).toArray();
                int width = model.vocabularySize();
                int from = logits.length - width;
                row.add(
                        IntStream.range(0, width)
                                .reduce((a, b) -> logits[from + b] > logits[from + a] ? b : a)
                                .orElseThrow());
            }
        }
        return row.stream().skip(prompt.length).mapToInt(t -> t).toArray();
    }

    @Test
    void twoPromptsAtATimeAreRefused() {
        try (var model = TinyModels.llama()) {
            var prompt = new PromptTuning(3, new PromptStart.Random());
            Attached first = prompt.attachTo(model, 1);
            var e =
                    assertThrows(
                            RequestException.class,
                            () -> new PrefixTuning(2, false, 0).attachTo(model, 1));
            assertTrue(e.getMessage().contains("deactivate"), e.getMessage());
            first.deactivate();
            try (var second = prompt.attachTo(model, 2)) {
                first.activate();
                e = assertThrows(RequestException.class, () -> model.logits(Tokens.rows(SHORT)));
                assertTrue(e.getMessage().contains("2 prompts or prefixes"), e.getMessage());
                assertTrue(second.isActive());
            }
        }
    }

    @Test
    void aPromptBeginsAsItsTextIsEmbedded() {
        try (var model =
                        CausalLM.load(TinyModels.folder("gemma3"), TinyModels.device(), DType.F32);
                var _ = Scope.open("test")) {
            double[] table = model.parts().embedding().weight().value().toArray();
            var start = new PromptStart.Vocabulary();
            int[] ids = start.ids(model, 3, 9);
            Attached prompt = new PromptTuning(3, start).attachTo(model, 9);
            double[] made = prompt.parameters().get("prompt_embeddings").value().toArray();
            int width = made.length / 3;
            double scale = Math.sqrt(width);
            for (int i = 0; i < made.length; i++) {
                double wanted = table[ids[i / width] * width + i % width] * scale;
                assertEquals(wanted, made[i], 1e-5 * Math.abs(wanted) + 1e-7);
            }
        }
    }
}
