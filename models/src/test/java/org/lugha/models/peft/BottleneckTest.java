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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lugha.autograd.Var;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.adapters.Bottleneck;
import org.lugha.models.adapters.Coupling;
import org.lugha.models.adapters.TwoLayers;
import org.lugha.nn.Init;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Unary;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class BottleneckTest {
    private static final int[] IDS = {4, 7, 9, 11};
    @TempDir Path temp;

    @ParameterizedTest
    @EnumSource(BottleneckKind.class)
    void gradientsAreThoseOfTheDefinition(BottleneckKind kind) {
        for (String family : List.of("llama", "gpt2")) {
            try (var model = Gradients.wide(family)) {
                invertible(kind).attachTo(model, 3);
                Gradients.check(model);
            }
        }
    }

    /** With an identity for a layer the places where an adapter reads can be told apart. */
    @ParameterizedTest
    @EnumSource(Bottleneck.Reads.class)
    void eachReadsItsOwn(Bottleneck.Reads reads) {
        try (var _ = Scope.open("test")) {
            var two = TwoLayers.declare(2, 2, 2, Unary.RELU, Init.zeros(), Init.zeros());
            two.initialize(TinyModels.device(), DType.F32, 1);
            for (int i = 0; i < 2; i++) {
                two.downWeight().value().set(3L * i, 1);
                two.upWeight().value().set(3L * i, 1);
                two.upBias().value().set(i, 0.5);
            }
            Var residual = row(1, 2);
            Var output = row(10, 20);
            Var y = new Bottleneck(two, reads, 4, 0, 0).output(residual, output, null);
            double[] wanted =
                    switch (reads) {
                        case OUTPUT -> new double[] {10 + 4 * 10.5, 20 + 4 * 20.5};
                        case SUM -> new double[] {10 + 4 * 11.5, 20 + 4 * 22.5};
                        case RESIDUAL -> new double[] {10 + 4 * 1.5, 20 + 4 * 2.5};
                    };
            assertArrayEquals(wanted, y.value().toArray());
            two.named("a", "b").values().forEach(p -> p.close());
        }
    }

    private static Var row(double a, double b) {
        return Var.of(Tensor.of(TinyModels.device(), Shape.of(1, 2), (float) a, (float) b));
    }

    @Test
    void couplingsHaveAnInverse() {
        try (var _ = Scope.open("test")) {
            var f = TwoLayers.declare(3, 2, 2, Unary.TANH, Init.normal(1), Init.normal(1));
            var g = TwoLayers.declare(2, 1, 3, Unary.TANH, Init.normal(1), Init.normal(1));
            f.initialize(TinyModels.device(), DType.F64, 1);
            g.initialize(TinyModels.device(), DType.F64, 2);
            var coupling = new Coupling(f, g);
            Var x =
                    Var.of(
                            Tensor.rand(
                                    TinyModels.device(), DType.F64, Shape.of(2, 3, 5), -1, 1, 7));
            Var y = coupling.of(x);
            assertFalse(Arrays.equals(x.value().toArray(), y.value().toArray()));
            assertArrayEquals(x.value().toArray(), coupling.inverse(y).value().toArray(), 1e-12);
            coupling.parameters().values().forEach(p -> p.close());
        }
    }

    @Test
    void theUsualArrangements() {
        try (var model = TinyModels.llama("hidden_size", 32, "num_attention_heads", 2)) {
            assertEquals(2 * 2 * (2 * 32 * 2 + 2 + 32), size(model, BottleneckKind.HOULSBY));
            assertEquals(2 * (2 * 32 * 2 + 2 + 32), size(model, BottleneckKind.PFEIFFER));
            assertEquals(2 * (2 * 32 * 16 + 16 + 32), size(model, BottleneckKind.PARALLEL));
            var left = new ConfigJson("x", json("{\"leave_out\": [1], \"bottleneck_size\": 5}"));
            try (var a = BottleneckJson.read(left).attachTo(model, 1)) {
                assertEquals(2 * 32 * 5 + 5 + 32, model.trainableSize());
                assertTrue(a.parameters().containsKey("model.layers.0.mlp.adapter_down.weight"));
            }
            var none = new ConfigJson("x", json("{\"leave_out\": [0, 1]}"));
            var e =
                    assertThrows(
                            RequestException.class,
                            () -> BottleneckJson.read(none).attachTo(model, 1));
            assertTrue(e.getMessage().contains("left out"), e.getMessage());
            assertTrue(model.modules().values().stream().allMatch(m -> m.adapters().isEmpty()));
        }
    }

    private static long size(CausalLM model, BottleneckKind kind) {
        try (var _ = BottleneckAdapters.usual(kind).attachTo(model, 1)) {
            return model.trainableSize();
        }
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    @ParameterizedTest
    @EnumSource(BottleneckKind.class)
    void filesBringBackTheSame(BottleneckKind kind) {
        try (var model = TinyModels.llama();
                var _ = Scope.open("test")) {
            double[] base = model.logits(IDS).toArray();
            Attached adapter = invertible(kind).attachTo(model, 3);
            Gradients.fill(model);
            double[] wanted = model.logits(IDS).toArray();
            assertFalse(Arrays.equals(base, wanted));
            PeftFiles.save(adapter, temp.resolve("a"), "base");
            assertEquals(adapter.config(), PeftFiles.read(temp.resolve("a")));
            adapter.close();
            assertArrayEquals(base, model.logits(IDS).toArray());
            PeftFiles.loadInto(model, temp.resolve("a"));
            assertArrayEquals(wanted, model.logits(IDS).toArray());
            var e =
                    assertThrows(
                            RequestException.class,
                            () -> new MergedWeights(model).save(temp.resolve("m")));
            assertTrue(e.getMessage().contains("keep it as an adapter"), e.getMessage());
        }
    }

    private static BottleneckAdapters invertible(BottleneckKind kind) {
        var usual = BottleneckAdapters.usual(kind);
        return new BottleneckAdapters(
                kind,
                usual.afterAttention(),
                usual.afterMlp(),
                usual.reads(),
                2,
                0,
                usual.activation(),
                usual.scale(),
                0,
                usual.startsAtZero(),
                List.of(),
                true,
                2);
    }
}
