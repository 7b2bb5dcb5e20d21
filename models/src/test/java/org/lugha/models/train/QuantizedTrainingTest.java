package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.CausalLM;
import org.lugha.models.Quantization;
import org.lugha.models.QuantizedModel;
import org.lugha.models.TinyModels;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.MergedWeights;
import org.lugha.models.settings.Precision;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;

/** LoRA on a base that is held in few bits. */
class QuantizedTrainingTest {
    private static final Device CPU = Devices.get("cpu");
    private static final int[] TEXT = {3, 5, 8, 13, 21, 29, 3, 5, 8, 13};
    private static final Lora LORA = new Lora(4, 8, LoraTargets.allLinear());

    @TempDir Path temp;

    private static CausalLM base(Quantization q) {
        CausalLM model = CausalLM.declare(TinyModels.config());
        QuantizedModel.initialize(model, CPU, DType.F32, 5, q);
        return model;
    }

    private static List<Double> train(CausalLM model, boolean recompute) {
        List<Double> losses = new ArrayList<>();
        try (AdamW adam = new AdamW(model.trainable())) {
            var settings =
                    new TrainingLoop.Settings(2, 1, 1e-2, 1, 3, Precision.F32.saved(), recompute);
            var row = new Example(TEXT, TEXT.clone(), "");
            var data = new ExampleStream(List.of(row, row), 1, false, 0);
            var loop = new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
            for (int i = 0; i < 12; i++) {
                losses.add(loop.step().loss());
            }
        }
        return losses;
    }

    @Test
    void theAdapterLearnsAndTheBaseStays() {
        for (Quantization q : List.of(Quantization.nf4(), Quantization.int8())) {
            try (CausalLM model = base(q);
                    CausalLM same = base(q);
                    var _ = Scope.open("test")) {
                double[] before = model.logits(TEXT).toArray();
                LORA.attachTo(model, 1);
                LORA.attachTo(same, 1);
                assertArrayEquals(before, model.logits(TEXT).toArray());
                List<Double> losses = train(model, false);
                assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.toString());
                assertEquals(losses, train(same, true), "recomputed");
            }
        }
    }

    /** What is merged is plain; it computes what base and adapter did. */
    @Test
    void mergesIntoAPlainCheckpoint() {
        try (CausalLM model = base(Quantization.nf4());
                var _ = Scope.open("test")) {
            LORA.withModulesToSave(List.of("layers.0.self_attn.k_proj"), false).attachTo(model, 1);
            train(model, false);
            double[] expected = model.logits(TEXT).toArray();
            new MergedWeights(model).save(temp.resolve("merged"));
            try (CausalLM merged = CausalLM.load(temp.resolve("merged"), CPU, DType.F32)) {
                assertTrue(QuantizedModel.of(merged).isEmpty());
                assertFalse(merged.configJson().has("quantization_config"));
                assertArrayEquals(expected, merged.logits(TEXT).toArray(), 1e-4);
            }
        }
    }
}
