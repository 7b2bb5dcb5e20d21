package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Saved;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.train.TrainingLoop;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;

class DyLoraTest {
    private static final int[] IDS = {4, 7, 9, 11, 3};
    private static final Lora LORA = new Lora(4, 6, LoraTargets.names("q_proj", "down_proj"));
    private static final DyLora EVERY = new DyLora(LORA, false);
    @TempDir Path temp;

    private static TrainingLoop loop(CausalLM model, AdamW adam, int accumulate, boolean again) {
        var data = new ExampleStream(List.of(new Example(IDS, IDS, "")), 1, false, 0);
        var how = new TrainingLoop.Settings(1, accumulate, 0.05, 1, 3, Saved.EXACT, again);
        return new TrainingLoop(model, data, adam, new Schedule.Constant(0), how);
    }

    private static Attached trained(CausalLM model, PeftConfig method, int steps, boolean again) {
        Attached adapter = method.attachTo(model, 1);
        try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0.01, false)) {
            TrainingLoop loop = loop(model, adam, 1, again);
            for (int s = 0; s < steps; s++) {
                loop.step();
            }
        }
        return adapter;
    }

    private static double[] all(Attached adapter) {
        return adapter.parameters().values().stream()
                .flatMapToDouble(p -> Arrays.stream(p.value().toArray()))
                .toArray();
    }

    private static double[] logits(CausalLM model) {
        return model.logits(IDS).toArray();
    }

    @Test
    void ranksAreDrawnEvenlyFromSeedAndStep() {
        int[] counts = new int[5];
        for (int step = 1; step <= 4000; step++) {
            counts[DyLora.drawn(7, step, 4)]++;
            assertEquals(DyLora.drawn(7, step, 4), DyLora.drawn(7, step, 4));
        }
        assertEquals(0, counts[0]);
        for (int b = 1; b <= 4; b++) {
            assertEquals(1000, counts[b], 120);
        }
        assertNotEquals(
                List.of(DyLora.drawn(1, 1, 999), DyLora.drawn(1, 2, 999)),
                List.of(DyLora.drawn(2, 1, 999), DyLora.drawn(2, 2, 999)));
    }

    @Test
    void aStepChangesTheFirstRanksAlone() {
        for (boolean frozen : new boolean[] {false, true}) {
            try (var model = TinyModels.llama()) {
                Attached adapter = new DyLora(LORA, frozen).attachTo(model, 1);
                for (Parameter p : adapter.parameters().values()) {
                    for (int i = 0; i < p.value().count(); i++) {
                        p.value().set(i, 0.1 * ((i % 7) - 3));
                    }
                }
                try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0.01, false)) {
                    TrainingLoop loop = loop(model, adam, 2, false);
                    for (int s = 1; s <= 6; s++) {
                        Map<String, double[]> before = values(adapter);
                        loop.step();
                        int b = DyLora.drawn(3, s, 4);
                        requireMoved(before, adapter, frozen ? b - 1 : 0, b);
                    }
                }
            }
        }
    }

    private static Map<String, double[]> values(Attached adapter) {
        Map<String, double[]> all = new LinkedHashMap<>();
        adapter.parameters()
                .forEach((key, p) -> {
                    for (int r = 0; r < 4; r++) {
                        all.put(key + r, rank(key, p, r));
                    }
                });
        return all;
    }

    private static double[] rank(String key, Parameter p, int r) {
        return p.value().slice(key.contains("lora_A") ? 0 : 1, r, r + 1).toArray();
    }

    private static void requireMoved(Map<String, double[]> was, Attached now, int from, int to) {
        values(now)
                .forEach((key, values) -> {
                    int r = key.charAt(key.length() - 1) - '0';
                    boolean moved = !Arrays.equals(was.get(key), values);
                    assertEquals(from <= r && r < to, moved, key);
                });
    }

    @Test
    void recomputingGivesTheSameBits() {
        double[] plain;
        try (var model = TinyModels.llama()) {
            plain = all(trained(model, EVERY, 5, false));
        }
        try (var model = TinyModels.llama()) {
            assertArrayEquals(plain, all(trained(model, EVERY, 5, true)));
        }
    }

    @Test
    void whatIsSavedIsAPlainLoraOfFullRank() {
        try (var model = TinyModels.llama();
                var _ = Scope.open("test")) {
            Attached adapter = trained(model, EVERY, 8, false);
            double[] full = logits(model);
            PeftFiles.save(adapter, temp.resolve("a"), null);
            adapter.close();
            assertEquals(EVERY, PeftFiles.read(temp.resolve("a")));
            Attached plain =
                    PeftFiles.loadInto(model, temp.resolve("a"), had -> ((DyLora) had).lora());
            assertArrayEquals(full, logits(model), 1e-5);
            var e = assertThrows(RequestException.class, () -> DyLora.use(plain, 2));
            assertTrue(e.getMessage().contains("trained by DyLoRA"), e.getMessage());
        }
    }

    @Test
    void everyRankCutOffIsAPlainLora() {
        for (boolean stabilised : new boolean[] {false, true}) {
            Lora lora =
                    new Lora(4, 6, LORA.targets())
                            .withModulesToSave(List.of("lm_head"), false)
                            .with(LoraOptions.NONE.withRankStabilised(stabilised))
                            .with(
                                    new LoraPatterns(
                                            new LinkedHashMap<>(),
                                            new LinkedHashMap<>(Map.of("down_proj", 3.0))));
            Path folder = temp.resolve("a" + stabilised);
            try (var model = TinyModels.llama();
                    var _ = Scope.open("test")) {
                Attached adapter = trained(model, new DyLora(lora, false), 8, false);
                PeftFiles.save(adapter, folder, null);
                for (int b = 1; b <= 4; b++) {
                    DyLora.use(adapter, b);
                    double[] wanted = logits(model);
                    adapter.deactivate();
                    Path cut = temp.resolve("cut" + stabilised + b);
                    LoraCut.of(folder, b).save(cut);
                    assertInstanceOf(Lora.class, PeftFiles.read(cut));
                    Attached plain = PeftFiles.loadInto(model, cut);
                    assertArrayEquals(wanted, logits(model), 1e-5);
                    plain.close();
                    adapter.activate();
                    if (b < 4) {
                        DyLora.use(adapter, 4);
                        assertFalse(Arrays.equals(wanted, logits(model)));
                    }
                }
            }
        }
    }

    @Test
    void theRankInUseIsMerged() {
        double[] wanted;
        try (var model = TinyModels.llama();
                var _ = Scope.open("test")) {
            DyLora.use(trained(model, EVERY, 6, false), 2);
            wanted = logits(model);
            new MergedWeights(model).save(temp.resolve("merged"));
        }
        try (var model = CausalLM.load(temp.resolve("merged"), TinyModels.device(), DType.F32);
                var _ = Scope.open("test")) {
            assertArrayEquals(wanted, logits(model), 1e-5);
        }
    }

    @Test
    void aRankThatIsNotThereIsRefused() {
        try (var model = TinyModels.llama()) {
            Attached adapter = EVERY.attachTo(model, 1);
            for (int rank : new int[] {0, 5}) {
                var e = assertThrows(RequestException.class, () -> DyLora.use(adapter, rank));
                assertTrue(e.getMessage().contains("from 1 to 4"), e.getMessage());
            }
        }
        var patterns = new LinkedHashMap<>(Map.of("q_proj", 2));
        Lora uneven =
                new Lora(4, 6, LORA.targets())
                        .with(new LoraPatterns(patterns, new LinkedHashMap<>()));
        assertThrows(RequestException.class, () -> new DyLora(uneven, false));
    }
}
