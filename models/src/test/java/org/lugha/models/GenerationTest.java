package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.nn.Pass;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;

/** Tokens made with a cache are those made without one. */
class GenerationTest {
    private static final int[] IDS = {4, 7, 9, 11, 3, 5, 6};

    @Test
    void moreTokensThanCanBeCountedAreRefused() {
        try (var model = TinyModels.llama()) {
            var e =
                    assertThrows(
                            RequestException.class,
                            () ->
                                    model.generate(
                                            IDS, Integer.MAX_VALUE, Sampler.greedy(), List.of()));
            assertTrue(e.getMessage().contains("ask for fewer"), e.getMessage());
        }
    }

    @Test
    void cachedAndUncachedLogitsAgree() {
        try (var model = TinyModels.llama();
                var cache = model.cache(1, IDS.length);
                var _ = Scope.open("test")) {
            Tensor whole = model.logits(IDS);
            for (int[] piece : List.of(new int[] {0, 3}, new int[] {3, 4}, new int[] {4, 7})) {
                int n = piece[1] - piece[0];
                int[][] positions = new int[1][n];
                Arrays.setAll(positions[0], t -> piece[0] + t);
                Tensor at = Tokens.tensor(model.device(), positions);
                int[][] ids = {Arrays.copyOfRange(IDS, piece[0], piece[1])};
                Tensor last = model.last(ids, new Pass(false, 0, Mask.causal(), at, cache));
                cache.advance(n);
                double[] wanted = whole.slice(0, piece[1] - 1, piece[1]).toArray();
                assertArrayEquals(wanted, last.toArray(), 1e-5);
            }
        }
    }

    @Test
    void aBatchOfUnequalPromptsGivesWhatEachGivesAlone() {
        try (var model = TinyModels.llama("tie_word_embeddings", true)) {
            List<int[]> prompts = List.of(IDS, new int[] {8}, new int[] {12, 13, 14});
            for (Sampler s : List.of(Sampler.greedy(), Sampler.of(1.5, 20, 0.95, 3))) {
                List<int[]> batch = model.generate(prompts, 9, s, List.of());
                for (int b = 0; b < prompts.size(); b++) {
                    int[] alone = model.generate(prompts.get(b), 9, s, List.of());
                    assertArrayEquals(alone, batch.get(b));
                    assertEquals(9, alone.length);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.lugha.models.ParityCase#committed")
    void everyFamilyComputesWithItsCacheWhatItComputesWithout(String name) {
        List<int[]> prompts = List.of(new int[] {7, 5, 9}, new int[] {11}, new int[] {4, 8});
        try (var model = CausalLM.load(TinyModels.folder(name), TinyModels.device(), DType.F32)) {
            List<int[]> batch = model.generate(prompts, 10, Sampler.greedy(), List.of());
            for (int b = 0; b < prompts.size(); b++) {
                int[] row = Arrays.copyOf(prompts.get(b), prompts.get(b).length + 10);
                for (int i = 0; i < 10; i++) {
                    int length = prompts.get(b).length + i;
                    try (var _ = Scope.open("test")) {
                        Tensor logits = model.logits(Arrays.copyOf(row, length));
                        double[] last = logits.slice(0, length - 1, length).toArray();
                        row[length] = batch.get(b)[i];
                        double best = Arrays.stream(last).max().orElseThrow();
                        assertEquals(best, last[row[length]], 1e-5 * Math.abs(best), name);
                    }
                }
            }
        }
    }

    @Test
    void greedyTokensAreTheLargestLogitsOfAllThatCameBefore() {
        try (var model = TinyModels.llama()) {
            int[] made = model.generate(IDS, 6, Sampler.greedy(), List.of());
            List<Integer> row = new ArrayList<>(Arrays.stream(IDS).boxed().toList());
            for (int token : made) {
                int[] ids = row.stream().mapToInt(Integer::intValue).toArray();
                try (var _ = Scope.open("test")) {
                    double[] last =
                            model.logits(ids).slice(0, ids.length - 1, ids.length).toArray();
                    assertEquals(Arrays.stream(last).max().orElseThrow(), last[token]);
                }
                row.add(token);
            }
            int[] cut = model.generate(IDS, 6, Sampler.greedy(), List.of(made[2]));
            int first = Arrays.stream(made).boxed().toList().indexOf(made[2]);
            assertArrayEquals(Arrays.copyOf(made, first + 1), cut);
            assertEquals(0, model.generate(IDS, 0, Sampler.greedy(), List.of()).length);
        }
    }

    @Test
    void emptyPromptsAndStrangeIdsAreRefused() {
        try (var model = TinyModels.llama()) {
            var greedy = Sampler.greedy();
            assertThrows(
                    RequestException.class, () -> model.generate(new int[0], 3, greedy, List.of()));
            assertThrows(
                    RequestException.class,
                    () -> model.generate(new int[] {99}, 3, greedy, List.of()));
        }
    }

    @Test
    void samplingFollowsTheProbabilitiesItKeeps() {
        float[] logits = {2, 1, 0, -1, 3};
        var all = Sampler.of(1, 0, 1, 7);
        var two = Sampler.of(1, 2, 1, 7);
        var nucleus = Sampler.of(1, 0, 0.6, 7); // the best alone reaches 0.636
        int[] counts = new int[5];
        int n = 20_000;
        for (int i = 0; i < n; i++) {
            counts[all.pick(logits, i)]++;
            int id = two.pick(logits, i);
            assertTrue(id == 4 || id == 0);
            assertEquals(4, nucleus.pick(logits, i));
        }
        double total = Math.exp(2) + Math.exp(1) + 1 + Math.exp(-1) + Math.exp(3);
        for (int v = 0; v < 5; v++) {
            assertEquals(Math.exp(logits[v]) / total, counts[v] / (double) n, 0.015);
        }
        assertEquals(new Sampler.Greedy(), Sampler.of(0, 5, 0.5, 1));
        assertThrows(IllegalArgumentException.class, () -> Sampler.of(-1, 0, 1, 1));
    }
}
