package org.lugha.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Unary;

/** Blocks of a model computed again in backward, with their adapters and their dropout. */
class ModuleRecomputeTest implements Tensors {
    private static final int WIDTH = 4;

    private static final class Block extends Module {
        private final Linear up = child("up_proj", new Linear(WIDTH, 6, true));
        private final Linear down = child("down_proj", new Linear(6, WIDTH, false));

        @Override
        protected Var compute(Var x, Pass pass) {
            Var h = up.forward(x, pass).activation(Unary.SILU).dropout(0.2, pass.seedOf(3));
            return x.add(down.forward(h, pass));
        }
    }

    private static final class Stack extends Module {
        private final List<Block> blocks = new ArrayList<>();

        Stack(int depth) {
            for (int i = 0; i < depth; i++) {
                blocks.add(child("layers." + i, new Block()));
            }
        }

        @Override
        protected Var compute(Var x, Pass pass) {
            Var y = x;
            for (Block b : blocks) {
                y = pass.recompute() ? b.recompute(y, pass) : b.forward(y, pass);
            }
            return y;
        }
    }

    /** LoRA with dropout before it. */
    private record Adapted(Parameter a, Parameter b) implements Adapter {
        static Adapted of(long seed) {
            return new Adapted(
                    Parameter.of("a", Tensors.randn(seed, 2, WIDTH)),
                    Parameter.of("b", Tensors.randn(seed + 1, 6, 2)));
        }

        @Override
        public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
            return new LowRank(1).apply(base.apply(x), x.dropout(0.3, pass.seedOf(9)), a, b);
        }

        @Override
        public SequencedMap<String, Parameter> parameters() {
            SequencedMap<String, Parameter> all = new LinkedHashMap<>();
            all.put("lora_A.weight", a);
            all.put("lora_B.weight", b);
            return all;
        }
    }

    private static Stack stack(int depth, boolean adapted) {
        Stack s = new Stack(depth);
        s.initialize(REFERENCE, DType.F64, 7);
        if (adapted) {
            s.freeze(true);
            for (int i = 0; i < depth; i++) {
                s.blocks.get(i).up.attach(Adapted.of(10L * i));
            }
        }
        return s;
    }

    private static double[] gradients(Stack s, boolean recompute) {
        Pass pass = new Pass(true, 5, Mask.full(), null, null, recompute);
        s.trainable().forEach(Parameter::clearGradient);
        try (var _ = Tape.open()) {
            Var y = s.forward(Var.of(Tensors.randn(1, 2, 3, WIDTH)), pass);
            Tape.current().backward(y, Tensors.randn(2, 2, 3, WIDTH));
        }
        return s.trainable().stream()
                .flatMapToDouble(p -> Arrays.stream(p.gradient().toArray()))
                .toArray();
    }

    @Test
    void allParametersAndAdaptersOfAFrozenModelGetTheSameBits() {
        for (boolean adapted : new boolean[] {false, true}) {
            try (Stack s = stack(3, adapted)) {
                List<Parameter> trained = s.trainable();
                List<String> names = trained.stream().map(Parameter::name).toList();
                assertArrayEquals(gradients(s, false), gradients(s, true), 0);
                assertEquals(names, trained.stream().map(Parameter::name).toList());
            }
        }
    }

    @Test
    void betweenForwardAndBackwardOnlyTheBlocksInputsAreKept() {
        try (Stack s = stack(5, true)) {
            gradients(s, true);
            Tensor x = Tensors.randn(1, 2, 3, WIDTH);
            long perBlock = x.storage().bytes() + 8;
            long before = Tensors.live();
            try (var _ = Tape.open()) {
                s.forward(Var.of(x), new Pass(true, 5, Mask.full(), null, null, true));
                assertEquals(before + 5 * perBlock, Tensors.live());
            }
        }
    }

    @Test
    void aCacheIsNotFilledTwice() {
        try (KvCache cache = new KvCache(REFERENCE, DType.F64, 1, 1, 2, 1, WIDTH)) {
            Pass pass = new Pass(false, 1, Mask.causal(), null, cache);
            String message =
                    assertThrows(IllegalArgumentException.class, () -> pass.withRecompute(true))
                            .getMessage();
            assertTrue(message.contains("would fill the cache twice"), message);
        }
    }
}
