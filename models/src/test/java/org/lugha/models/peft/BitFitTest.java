package org.lugha.models.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;

/** Biases alone, and factors: methods that become part of a layer's own tensors. */
class BitFitTest {
    private static final int[] IDS = {4, 7, 9, 11};
    @TempDir Path temp;

    @Test
    void trainsEveryBiasAndNothingElse() {
        try (var model = load("gpt2")) {
            Attached adapter = new BitFit().attachTo(model, 1);
            long biases =
                    model.named().entrySet().stream()
                            .filter(e -> e.getKey().endsWith(".bias"))
                            .mapToLong(e -> e.getValue().shape().count())
                            .sum();
            assertEquals(biases, model.trainableSize());
            adapter.close();
            var few = new BitFit(LoraTargets.names("c_fc", "ln_f"));
            assertEquals(3, few.attachTo(model, 1).parameters().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "bloom"})
    void gradientsAreThoseOfTheDefinition(String family) {
        try (var model = Gradients.wide(family)) {
            new BitFit().attachTo(model, 1);
            Gradients.check(model);
        }
    }

    @Test
    void refusesAModelWithoutBiases() {
        try (var model = TinyModels.llama()) {
            var e = assertThrows(RequestException.class, () -> new BitFit().attachTo(model, 1));
            assertEquals(
                    "BitFit: model_type llama with this configuration has no bias to train; use"
                            + " LoRA or IA3",
                    e.getMessage());
        }
        try (var model = load("gpt2")) {
            var none = new BitFit(LoraTargets.names("q_proj"));
            var e = assertThrows(RequestException.class, () -> none.attachTo(model, 1));
            assertEquals(
                    "BitFit: no layer with a bias matches [q_proj]; this model has [c_attn, c_fc,"
                            + " c_proj, ln_1, ln_2, ln_f]",
                    e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "bloom", "biases"})
    void biasesAndFactorsMergeIntoPlainWeights(String family) {
        for (PeftConfig method : List.of(new BitFit(), Ia3.usual())) {
            Path at = temp.resolve(method.getClass().getSimpleName());
            double[] wanted;
            try (var model = load(family);
                    var _ = Scope.open("test")) {
                double[] base = model.logits(IDS).toArray();
                Attached adapter = method.attachTo(model, 1);
                assertArrayEquals(base, model.logits(IDS).toArray(), "nothing learned yet");
                Gradients.fill(model);
                wanted = model.logits(IDS).toArray();
                assertFalse(Arrays.equals(base, wanted));
                PeftFiles.save(adapter, at.resolve("adapter"), null);
                new MergedWeights(model).save(at.resolve("merged"));
            }
            try (var model = load(family);
                    var _ = Scope.open("test")) {
                Attached again = PeftFiles.loadInto(model, at.resolve("adapter"));
                assertArrayEquals(wanted, model.logits(IDS).toArray());
                assertEquals(method.getClass(), again.config().getClass());
            }
            try (var model = CausalLM.load(at.resolve("merged"), TinyModels.device(), DType.F32);
                    var _ = Scope.open("test")) {
                assertArrayEquals(wanted, model.logits(IDS).toArray(), 1e-4);
            }
        }
    }

    @Test
    void factorsHaveTheirGradients() {
        try (var model = Gradients.wide("gpt2")) {
            Ia3.usual().attachTo(model, 1);
            Gradients.check(model);
        }
    }

    private static CausalLM load(String family) {
        return CausalLM.load(TinyModels.folder(family), TinyModels.device(), DType.F32);
    }
}
