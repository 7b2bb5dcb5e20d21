package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.Access;
import org.lugha.models.CausalLM;
import org.lugha.models.TinyModels;
import org.lugha.models.data.Batch;
import org.lugha.models.data.Example;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;

/** What several examples in a row give is what each gives in a row of its own. */
class PackedStepTest {
    private record Outcome(double loss, double[] gradient) {}

    @ParameterizedTest
    @ValueSource(strings = {"tied-llama3", "gpt2", "bloom", "gemma2", "gemma3", "mistral"})
    void lossAndGradientAreThoseOfTheExamplesApart(String golden) {
        try (CausalLM model =
                CausalLM.load(
                        TinyModels.folder(golden), Devices.get("cpu"), DType.F32, Access.TRAINED)) {
            List<Example> all = examples(model.vocabularySize());
            Outcome apart = step(model, Batch.of(all));
            Outcome packed =
                    step(
                            model,
                            Batch.packed(
                                    List.of(
                                            all.subList(0, 3),
                                            all.subList(3, 4),
                                            all.subList(4, 7))));
            assertEquals(apart.loss(), packed.loss(), 1e-6 * apart.loss());
            assertArrayEquals(apart.gradient(), packed.gradient(), 2e-6);
        }
    }

    /** Of unlike lengths, with a prompt that does not count. */
    private static List<Example> examples(int vocabulary) {
        List<Example> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            int[] ids = new int[2 + 5 * i % 9];
            for (int t = 0; t < ids.length; t++) {
                ids[t] = (int) (Integer.toUnsignedLong(Philox.bits(i, t)) % vocabulary);
            }
            int[] labels = ids.clone();
            Arrays.fill(labels, 0, ids.length / 3, Example.NOT_COUNTED);
            all.add(new Example(ids, labels, ""));
        }
        return all;
    }

    private static Outcome step(CausalLM model, Batch b) {
        model.trainable().forEach(Parameter::clearGradient);
        try (var _ = Tape.open()) {
            var loss = model.loss(b.rows(), b.labels(), 1.0 / b.counted(), true, 1);
            double value = loss.item();
            loss.backward();
            return new Outcome(
                    value,
                    model.trainable().stream()
                            .flatMapToDouble(p -> Arrays.stream(p.gradient().toArray()))
                            .toArray());
        }
    }
}
