package org.lugha.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.op.LowRank;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Unary;

/** Names, values, scopes and adapters of modules. */
class ModuleTest implements Tensors {
    private static final Pass PASS = Pass.causal(true, 1, null);

    private static final class Mlp extends Module {
        private final Linear up = child("up_proj", new Linear(4, 6, true));
        private final Linear down = child("down_proj", new Linear(6, 4, false));

        @Override
        protected Var compute(Var x, Pass pass) {
            return x.add(down.forward(up.forward(x, pass).activation(Unary.SILU), pass));
        }
    }

    /** {@code layers.0}, {@code layers.1}, ... over an embedding that the output layer shares. */
    private static final class Tower extends Module {
        private final Embedding embed = child("embed_tokens", new Embedding(5, 4));
        private final List<Mlp> layers = new ArrayList<>();
        private final RmsNorm norm;
        private final Linear head;

        Tower(int depth) {
            for (int i = 0; i < depth; i++) {
                layers.add(child("layers." + i, new Mlp()));
            }
            norm = child("norm", new RmsNorm(4, 1e-6));
            head = child("lm_head", Linear.tied(embed.weight()));
        }

        @Override
        protected Var compute(Var ids, Pass pass) {
            Var x = embed.forward(ids, pass);
            for (Mlp m : layers) {
                x = m.forward(x, pass);
            }
            return head.forward(norm.forward(x, pass), pass);
        }

        Var run() {
            return forward(Var.of(Tensors.ids(1, 5, 2, 3)), PASS);
        }

        static Tower of(int depth) {
            Tower t = new Tower(depth);
            t.initialize(REFERENCE, DType.F64, 7);
            return t;
        }
    }

    /** {@code y + (x A^T) B^T}. */
    private record LowRankAdapter(Parameter a, Parameter b) implements Adapter {
        static LowRankAdapter of(long seed) {
            return new LowRankAdapter(
                    Parameter.of("a", Tensors.randn(seed, 1, 4)),
                    Parameter.of("b", Tensors.randn(seed + 1, 3, 1)));
        }

        @Override
        public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
            return new LowRank(1).apply(base.apply(x), x, a, b);
        }

        @Override
        public SequencedMap<String, Parameter> parameters() {
            SequencedMap<String, Parameter> all = new LinkedHashMap<>();
            all.put("lora_A.weight", a);
            all.put("lora_B.weight", b);
            return all;
        }

        Var correction(Var x) {
            return x.linear(a).linear(b);
        }
    }

    @Test
    void namesAreThoseOfTheFiles() {
        try (Tower t = new Tower(1)) {
            assertEquals(
                    List.of(
                            "embed_tokens.weight",
                            "layers.0.up_proj.weight",
                            "layers.0.up_proj.bias",
                            "layers.0.down_proj.weight",
                            "norm.weight"),
                    List.copyOf(t.named().keySet()));
            assertEquals(Map.of("lm_head.weight", "embed_tokens.weight"), t.aliases());
            assertEquals("layers.0.up_proj.bias", t.named().get("layers.0.up_proj.bias").name());
            assertEquals(
                    List.of(
                            "",
                            "embed_tokens",
                            "layers.0",
                            "layers.0.up_proj",
                            "layers.0.down_proj",
                            "norm",
                            "lm_head"),
                    List.copyOf(t.modules().keySet()));
        }
    }

    @Test
    void aConstructorAllocatesNothing() {
        long before = Tensors.live();
        try (Tower t = new Tower(2)) {
            assertEquals(before, Tensors.live());
            String message = assertThrows(IllegalStateException.class, t::run).getMessage();
            assertTrue(message.startsWith("parameter weight [5, 4] has no value yet;"), message);
            assertTrue(message.contains("initialize(device, dtype, seed)"), message);
        }
    }

    @Test
    void firstValuesAreAFunctionOfTheSeed() {
        try (Tower a = Tower.of(2);
                Tower b = Tower.of(2)) {
            double[] first = a.named().get("layers.1.up_proj.weight").value().toArray();
            assertArrayEquals(first, b.named().get("layers.1.up_proj.weight").value().toArray());
            assertNotEquals(first[0], a.named().get("layers.0.up_proj.weight").value().get(0));
            assertArrayEquals(
                    new double[6], a.named().get("layers.1.up_proj.bias").value().toArray());
            assertArrayEquals(
                    new double[] {1, 1, 1, 1}, a.named().get("norm.weight").value().toArray());
        }
    }

    @Test
    void temporariesDieWithTheirLayer() {
        try (Tower shallow = Tower.of(2);
                Tower deep = Tower.of(9)) {
            long output = 2 * 3 * 4 * 8;
            assertEquals(peak(shallow) + 7 * output, peak(deep), "the results of seven layers");
        }
    }

    private static long peak(Tower t) {
        t.run();
        long before = Tensors.live();
        REFERENCE.memory().resetPeak();
        t.run();
        return REFERENCE.memory().usage().peak() - before;
    }

    @Test
    void frozenLayersSaveNothing() {
        try (Tower shallow = Tower.of(1);
                Tower deep = Tower.of(6)) {
            for (Tower t : List.of(shallow, deep)) {
                t.freeze(true);
                t.named().get("norm.weight").trainable(true);
            }
            assertEquals(saved(shallow), saved(deep));
            deep.freeze(false);
            assertTrue(saved(shallow) < saved(deep));
        }
    }

    private static long saved(Tower t) {
        long before = Tensors.live();
        try (var _ = Tape.open()) {
            t.run();
            return Tensors.live() - before;
        }
    }

    @Test
    void everyParameterGetsItsGradientAndATiedOneBoth() {
        try (Tower t = Tower.of(2)) {
            try (var _ = Tape.open()) {
                Var y = t.run();
                y.mul(y).sum().backward();
            }
            t.named().values().forEach(p -> assertTrue(p.hasGradient(), p.name()));
            assertEquals(List.copyOf(t.named().values()), t.trainable());
            double[] g = t.named().get("embed_tokens.weight").gradient().toArray();
            double plus = lossWith(t, 1e-4);
            double minus = lossWith(t, -1e-4);
            assertEquals((plus - minus) / 2e-4, g[6], 1e-6 * Math.max(1, Math.abs(g[6])));
        }
    }

    private static double lossWith(Tower t, double h) {
        Tensor w = t.named().get("embed_tokens.weight").value();
        double old = w.get(6);
        w.set(6, old + h);
        Var y = t.run();
        double loss = y.mul(y).sum().item();
        w.set(6, old);
        return loss;
    }

    @Test
    void adaptersStackAndComeOff() {
        try (Linear linear = new Linear(4, 3, true)) {
            linear.initialize(REFERENCE, DType.F64, 1);
            LowRankAdapter one = LowRankAdapter.of(2);
            LowRankAdapter two = LowRankAdapter.of(4);
            Var x = Var.of(Tensors.randn(3, 2, 4));
            Var base = linear.forward(x, PASS);
            linear.freeze(true);
            linear.attach(one);
            linear.attach(two);
            assertEquals(List.of(one, two), linear.adapters());
            assertEquals(List.of(one.a(), one.b(), two.a(), two.b()), linear.trainable());
            assertEquals(List.of("weight", "bias"), List.copyOf(linear.named().keySet()));
            same(base.add(one.correction(x)).add(two.correction(x)), linear.forward(x, PASS));
            try (var _ = Tape.open()) {
                linear.forward(x, PASS).sum().backward();
            }
            linear.trainable().forEach(p -> assertTrue(p.hasGradient(), p.name()));
            assertTrue(linear.named().values().stream().noneMatch(Parameter::hasGradient));
            linear.detach(one);
            same(base.add(two.correction(x)), linear.forward(x, PASS));
            one.parameters().values().forEach(Parameter::close);
        }
    }

    private static void same(Var expected, Var actual) {
        assertArrayEquals(expected.value().toArray(), actual.value().toArray(), 1e-12);
    }

    @Test
    void aNameIsTakenOnce() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new Module() {
                                            {
                                                child("norm", new RmsNorm(2, 1));
                                                child("norm", new RmsNorm(2, 1));
                                            }

                                            @Override
                                            protected Var compute(Var x, Pass pass) {
                                                return x;
                                            }
                                        })
                        .getMessage();
        assertTrue(message.endsWith("child 'norm' is declared twice"), message);
    }
}
