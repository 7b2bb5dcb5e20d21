package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import org.lugha.runtime.Scope;

class LoraTest {
    private static final Lora QV = new Lora(2, 4, LoraTargets.names("q_proj", "v_proj"));
    private static final int[] IDS = {4, 7, 9, 11};

    @Test
    void freshAdaptersChangeNothingAndTrainAlone() {
        try (var model = TinyModels.llama();
                var _ = Scope.open("test")) {
            double[] before = model.logits(IDS).toArray();
            Attached adapter = QV.attachTo(model, 1);
            assertArrayEquals(before, model.logits(IDS).toArray());
            assertEquals(2 * (2 * (8 + 8) + 2 * (8 + 4)), model.trainableSize());
            var parameters = adapter.parameters();
            assertEquals(8, parameters.size());
            var a = parameters.get("model.layers.1.self_attn.q_proj.lora_A.weight").value();
            double bound = 1 / Math.sqrt(8);
            assertTrue(Arrays.stream(a.toArray()).allMatch(v -> Math.abs(v) <= bound));
            assertTrue(Arrays.stream(a.toArray()).anyMatch(v -> Math.abs(v) > bound / 2));
        }
    }

    @Test
    void targetsFollowPeftsRules() {
        assertEquals(
                Set.of("model.layers.0.self_attn.q_proj", "model.layers.0.mlp.up_proj"),
                matched(LoraTargets.names("layers.0.self_attn.q_proj", "0.mlp.up_proj")));
        assertEquals(
                Set.of("model.layers.1.self_attn.o_proj"),
                matched(LoraTargets.matching(".*\\.1\\..*o_proj")));
        assertEquals(14, matched(LoraTargets.text("All-Linear")).size());
        assertFalse(matched(LoraTargets.allLinear()).contains("lm_head"));
        try (var model = TinyModels.llama()) {
            var proj = new Lora(2, 4, LoraTargets.names("proj", "query"));
            var e = assertThrows(RequestException.class, () -> proj.attachTo(model, 1));
            assertEquals(
                    "LoRA: no linear layer matches [proj, query]; this model has [down_proj,"
                            + " gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj]",
                    e.getMessage());
            for (String other : List.of("input_layernorm", "norm", "mlp")) {
                var wrong = new Lora(2, 4, LoraTargets.names(other));
                e = assertThrows(RequestException.class, () -> wrong.attachTo(model, 1));
                assertTrue(e.getMessage().contains(other), e.getMessage());
            }
            var saved = QV.withModulesToSave(List.of("score"), false);
            e = assertThrows(RequestException.class, () -> saved.attachTo(model, 1));
            assertTrue(e.getMessage().contains("modules_to_save score"));
        }
    }

    private static Set<String> matched(LoraTargets targets) {
        try (var model = TinyModels.llama()) {
            return new Lora(2, 4, targets).matched(model).keySet();
        }
    }

    @Test
    void dropoutActsOnlyInTrainingAndNeverAlikeTwice() {
        try (var model = TinyModels.llama()) {
            QV.withDropout(0.5).attachTo(model, 1);
            for (Parameter p : model.trainable()) {
                for (int i = 0; i < p.value().count(); i++) {
                    p.value().set(i, 0.1 * (i % 7) - 0.3);
                }
            }
            assertEquals(loss(model, false, 1), loss(model, false, 2));
            assertNotEquals(loss(model, true, 1), loss(model, false, 1));
            assertNotEquals(loss(model, true, 1), loss(model, true, 2));
            assertEquals(loss(model, true, 1), loss(model, true, 1));
        }
    }

    private static double loss(CausalLM model, boolean training, long seed) {
        try (var _ = Tape.open()) {
            return model.loss(Tokens.rows(IDS), new int[][] {IDS}, 1, training, seed).item();
        }
    }

    @Test
    void aTiedTableTrainsInOnePlaceOrInBoth() {
        long table = 31 * 8;
        long lora = sizeOfQv();
        assertEquals(lora + table, trainable(List.of("embed_tokens"), false));
        assertEquals(lora + table, trainable(List.of("lm_head"), false));
        assertEquals(lora + 2 * table, trainable(List.of("embed_tokens", "lm_head"), false));
        assertEquals(lora + table, trainable(List.of("embed_tokens"), true));
        assertEquals(lora + table, trainable(List.of("lm_head"), true));
        try (var model = TinyModels.llama("tie_word_embeddings", true);
                var _ = Scope.open("test")) {
            double[] before = model.logits(IDS).toArray();
            Attached adapter =
                    QV.withModulesToSave(List.of("embed_tokens"), true).attachTo(model, 1);
            var all = adapter.parameters();
            Parameter twin = all.get("lm_head.weight");
            assertSame(all.get("model.embed_tokens.weight"), twin);
            twin.value().set(5, 7);
            assertFalse(Arrays.equals(before, model.logits(IDS).toArray()));
            adapter.close();
            assertArrayEquals(before, model.logits(IDS).toArray());
        }
    }

    private static long sizeOfQv() {
        return 2 * (2 * (8 + 8) + 2 * (8 + 4));
    }

    private static long trainable(List<String> modulesToSave, boolean tied) {
        try (var model = TinyModels.llama("tie_word_embeddings", true)) {
            QV.withModulesToSave(modulesToSave, tied).attachTo(model, 1);
            return model.trainableSize();
        }
    }
}
