package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;

/** Several adapters on one model. */
class AttachedTest {
    private static final int[] IDS = {4, 7, 9, 11};
    private static final Lora Q = new Lora(2, 4, LoraTargets.names("q_proj"));
    private static final Lora ALL = new Lora(3, 3, LoraTargets.allLinear());
    @TempDir Path temp;

    @Test
    void adaptersStackAndSwitchWithoutLoading() {
        try (var model = TinyModels.llama();
                var _ = Scope.open("test")) {
            double[] base = logits(model);
            Attached q = filled(Q, model, 0.1);
            double[] first = logits(model);
            Attached all = filled(ALL, model, 0.05);
            double[] both = logits(model);
            q.deactivate();
            double[] second = logits(model);
            assertFalse(Arrays.equals(both, second));
            assertFalse(Arrays.equals(both, first));
            q.activate();
            assertArrayEquals(both, logits(model), 1e-6);
            all.deactivate();
            assertArrayEquals(first, logits(model));
            q.close();
            all.activate();
            assertArrayEquals(second, logits(model));
            all.close();
            assertArrayEquals(base, logits(model));
            assertThrows(RequestException.class, q::activate);
        }
    }

    @Test
    void onlyTheLastOneTrains() {
        try (var model = TinyModels.llama()) {
            Attached q = Q.attachTo(model, 1);
            Attached all = ALL.attachTo(model, 2);
            assertEquals(List.copyOf(all.parameters().values()), model.trainable());
            q.freeze(false);
            assertTrue(model.trainable().containsAll(q.parameters().values()));
        }
    }

    @Test
    void stackedAdaptersAreMergedTogether() {
        double[] wanted;
        try (var model = TinyModels.llama();
                var _ = Scope.open("test")) {
            filled(Q, model, 0.1);
            filled(ALL, model, 0.05);
            wanted = logits(model);
            new MergedWeights(model).save(temp.resolve("merged"));
        }
        try (var model = CausalLM.load(temp.resolve("merged"), TinyModels.device(), DType.F32);
                var _ = Scope.open("test")) {
            assertArrayEquals(wanted, logits(model), 1e-5);
        }
    }

    @Test
    void twoCopiesOfOneLayerAreRefused() {
        try (var model = TinyModels.llama()) {
            Lora saves = Q.withModulesToSave(List.of("lm_head"), false);
            saves.attachTo(model, 1);
            var e = assertThrows(RequestException.class, () -> saves.attachTo(model, 1));
            assertTrue(e.getMessage().contains("a copy of lm_head too"), e.getMessage());
            assertEquals(1, model.modules().get("lm_head").adapters().size());
        }
    }

    private static Attached filled(Lora lora, CausalLM model, double size) {
        Attached a = lora.attachTo(model, 1);
        for (Parameter p : a.parameters().values()) {
            for (int i = 0; i < p.value().count(); i++) {
                p.value().set(i, size * ((i % 7) - 3));
            }
        }
        return a;
    }

    private static double[] logits(CausalLM model) {
        return model.logits(IDS).toArray();
    }
}
