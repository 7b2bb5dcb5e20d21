package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.op.Attention;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.nn.RmsNorm;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Unary;

/** What a tape that saves in BF16 rounds, what it does not, and what that is worth. */
class SavedTest implements Tensors {
    private static final Shape SHAPE = Shape.of(5, 20);

    /** The sum of its inputs, which keeps them all and writes down what backward sees. */
    private record Keeper(boolean exact, List<double[]> seen) implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            for (int i = 0; i < in.length; i++) {
                if (exact) {
                    ctx.keepExact(i);
                } else {
                    ctx.keep(i);
                }
            }
            Tensor y = Tensor.empty(in[0].device(), in[0].dtype(), Shape.of());
            ctx.save(in[0].view(Math.toIntExact(in[0].count())));
            Tensor half = ctx.save(in[0].copy(in[0].dtype()));
            ctx.saveExact(half);
            ctx.kernels().reduce().sum(in[0].contiguous(), Into.overwrite(y));
            return y;
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            for (int i = 0; i < ctx.inputs(); i++) {
                seen.add(ctx.input(i).toArray());
            }
            for (int i = 0; i < 3; i++) {
                seen.add(ctx.saved(i).toArray());
            }
            ctx.kernels().copy().fill(dy.item(), ctx.grad(0));
        }
    }

    private static Parameter parameter(DType type, Shape shape, long seed) {
        return Parameter.of("p", Tensor.randn(REFERENCE, type, shape, seed));
    }

    private static double[] rounded(double... values) {
        return Arrays.stream(values)
                .map(v -> Float.intBitsToFloat(DType.toBf16((float) v) << 16))
                .toArray();
    }

    private static List<double[]> seen(boolean exact, Saved saved, Var... in) {
        List<double[]> seen = new ArrayList<>();
        Var y;
        try (Scope scope = Scope.open("layer")) {
            y = new Keeper(exact, seen).apply(in);
            scope.yield(y.value());
        }
        assertEquals(saved == Saved.BF16, Tape.current().roundings() != null);
        y.backward();
        return seen;
    }

    @Test
    void intermediatesAreRoundedAndNothingElseIs() {
        try (Parameter p = parameter(DType.F32, SHAPE, 1);
                var _ = Tape.open(Saved.BF16)) {
            Var x = p.scale(3);
            Var constant = Var.of(Tensor.randn(REFERENCE, DType.F32, SHAPE, 2));
            Var view = p.view(100);
            double[] whole = x.value().toArray();
            List<double[]> seen = seen(false, Saved.BF16, x, p, constant, view);
            double[] plain = p.value().toArray();
            assertFalse(Arrays.equals(whole, rounded(whole)));
            assertArrayEquals(rounded(whole), seen.get(0));
            assertArrayEquals(plain, seen.get(1), "a parameter");
            assertArrayEquals(constant.value().toArray(), seen.get(2), "a constant");
            assertArrayEquals(plain, seen.get(3), "a view of a parameter");
            assertArrayEquals(rounded(whole), seen.get(4), "a view of an input");
            assertArrayEquals(whole, seen.get(5), "what is saved exactly too");
            assertArrayEquals(whole, seen.get(6));
        }
    }

    @Test
    void otherTypesSmallTensorsAndExactOnesStayAsTheyAre() {
        for (DType type : List.of(DType.F32, DType.F64)) {
            Shape shape = type == DType.F64 ? SHAPE : Shape.of(4, 4);
            assertUntouched(parameter(type, shape, 1), false, Saved.BF16);
        }
        assertUntouched(parameter(DType.F32, SHAPE, 1), true, Saved.BF16);
        assertUntouched(parameter(DType.F32, SHAPE, 1), false, Saved.EXACT);
    }

    private static void assertUntouched(Parameter parameter, boolean exact, Saved saved) {
        try (Parameter p = parameter;
                var _ = Tape.open(saved)) {
            Var x = p.scale(3);
            double[] whole = x.value().toArray();
            for (double[] s : seen(exact, saved, x)) {
                assertArrayEquals(whole, s);
            }
        }
    }

    @Test
    void aTapeInsideKeepsAsTheOneAround() {
        try (var _ = Tape.open(Saved.BF16)) {
            try (Tape inner = Tape.open()) {
                assertTrue(inner.roundings() != null);
            }
            try (Tape inner = Tape.open(Saved.EXACT)) {
                assertTrue(inner.roundings() == null);
            }
        }
        try (Tape plain = Tape.open()) {
            assertTrue(plain.roundings() == null);
        }
    }

    /** Bytes that a value of 400 bytes costs once its own scope has closed. */
    private static long kept(Saved saved, Consumer<Var> use) {
        try (Parameter p = parameter(DType.F32, SHAPE, 1);
                var _ = Tape.open(saved)) {
            p.sum().backward(); // its gradient is there
            long before = Tensors.live();
            try (var _ = Scope.open("layer")) {
                use.accept(p.scale(2));
            }
            return Tensors.live() - before;
        }
    }

    @Test
    void oneCopyServesEveryOpAndEveryView() {
        assertEquals(400, kept(Saved.EXACT, x -> x.mul(x)));
        assertEquals(200, kept(Saved.BF16, x -> x.mul(x)));
        assertEquals(200, kept(Saved.BF16, x -> x.mul(x).add(x.activation(Unary.SILU))));
        assertEquals(
                200,
                kept(
                        Saved.BF16,
                        x -> {
                            x.activation(Unary.SILU);
                            x.view(2, 50).activation(Unary.TANH);
                            x.view(100).mul(x.view(100));
                        }));
    }

    @Test
    void whatSomebodyKeepsExactlyIsNotKeptTwice() {
        Consumer<Var> exact = x -> new Keeper(true, List.of()).apply(x);
        long alone = kept(Saved.BF16, exact);
        assertEquals(alone, kept(Saved.BF16, exact.andThen(x -> x.mul(x))));
        assertEquals(
                alone,
                kept(
                        Saved.BF16,
                        x -> {
                            x.mul(x);
                            exact.accept(x);
                        }));
    }

    @Test
    void anAttentionsResultIsSharedWithTheLayerBehindIt() {
        try (Parameter p = parameter(DType.F32, Shape.of(1, 8, 2, 16), 1);
                Parameter w = parameter(DType.F32, Shape.of(32, 32), 2);
                var _ = Tape.open(Saved.BF16)) {
            p.sum().add(w.sum()).backward();
            long before = Tensors.live();
            try (var _ = Scope.open("layer")) {
                Var y = new Attention(0.25, Mask.causal()).apply(p, p, p);
                y.view(8, 32).linear(w);
            }
            long lse = 4 * 2 * 8;
            assertEquals(2 * 8 * 32 + lse, Tensors.live() - before);
        }
    }

    /** A transposed view of an intermediate, as ops that move data make them. */
    private record Turned() implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            return in[0].transpose(0, 1);
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            ctx.give(0, dy.transpose(0, 1).contiguous());
        }
    }

    @Test
    void stridedViewsComeBackAsTheyLay() {
        try (Parameter p = parameter(DType.F32, SHAPE, 1);
                var _ = Tape.open(Saved.BF16)) {
            Var x = new Turned().apply(p.scale(3));
            List<double[]> seen = new ArrayList<>();
            Op op = new StridedKeeper(seen);
            Var y;
            try (Scope scope = Scope.open("layer")) {
                y = op.apply(x);
                scope.yield(y.value());
            }
            y.backward();
            assertArrayEquals(rounded(x.value().toArray()), seen.getFirst());
        }
    }

    private record StridedKeeper(List<double[]> seen) implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            ctx.keep(0);
            Tensor y = Tensor.empty(in[0].device(), in[0].dtype(), Shape.of());
            ctx.kernels().reduce().sum(in[0].contiguous(), Into.overwrite(y));
            return y;
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            seen.add(ctx.input(0).toArray());
            ctx.kernels().copy().fill(dy.item(), ctx.grad(0));
        }
    }

    /** {@code x + down(silu(up(norm(x))))}. */
    private static final class Block extends Module {
        private final RmsNorm norm = child("norm", new RmsNorm(32, 1e-6));
        private final Linear up = child("up_proj", new Linear(32, 64, false));
        private final Linear down = child("down_proj", new Linear(64, 32, false));

        @Override
        protected Var compute(Var x, Pass pass) {
            Var n = norm.forward(x, pass);
            return x.add(down.forward(up.forward(n, pass).activation(Unary.SILU), pass));
        }
    }

    /** Blocks that give up what came in as soon as what goes out is there. */
    private static final class Stack extends Module {
        private final List<Block> blocks = new ArrayList<>();

        static Stack of(int depth) {
            Stack s = new Stack();
            for (int i = 0; i < depth; i++) {
                s.blocks.add(s.child("layers." + i, new Block()));
            }
            s.initialize(REFERENCE, DType.F32, 1);
            return s;
        }

        @Override
        protected Var compute(Var x, Pass pass) {
            Var y = x;
            for (Block b : blocks) {
                Var next = b.forward(y, pass);
                Scope.current().letGo(y.value());
                y = next;
            }
            return y;
        }

        /** Steps, of which the first makes room for the gradients. */
        void steps(int count, int rows, Saved saved, long seed) {
            for (int i = 0; i < count; i++) {
                REFERENCE.memory().resetPeak();
                try (var _ = Tape.open(saved)) {
                    Tensor x = Tensor.randn(REFERENCE, DType.F32, Shape.of(rows, 32), seed);
                    Var y = forward(Var.of(x), Pass.causal(true, 0, null));
                    y.mul(y).sum().backward();
                }
                if (i < count - 1) {
                    trainable().forEach(Parameter::clearGradient);
                }
            }
        }

        double[] gradients() {
            return trainable().stream()
                    .flatMapToDouble(p -> Arrays.stream(p.gradient().toArray()))
                    .toArray();
        }
    }

    private static double[] gradients(Saved saved, long seed) {
        try (Stack s = Stack.of(2)) {
            s.steps(1, 3, saved, seed);
            return s.gradients();
        }
    }

    @Property
    void gradientsAreCloseAndTheirBitsRepeat(@ForAll long seed) {
        double[] exact = gradients(Saved.EXACT, seed);
        double[] rounded = gradients(Saved.BF16, seed);
        double norm = 0;
        double off = 0;
        for (int i = 0; i < exact.length; i++) {
            norm += exact[i] * exact[i];
            off += (exact[i] - rounded[i]) * (exact[i] - rounded[i]);
        }
        double relative = Math.sqrt(off / norm);
        assertTrue(relative > 0 && relative < 5e-3, "relative error " + relative);
        assertArrayEquals(rounded, gradients(Saved.BF16, seed));
    }

    private static long peak(Saved saved) {
        try (Stack s = Stack.of(24)) {
            s.steps(1, 16, saved, 7); // its gradients are there
            REFERENCE.memory().resetPeak();
            long before = Tensors.live();
            s.steps(1, 16, saved, 7);
            return REFERENCE.memory().usage().peak() - before;
        }
    }

    @Test
    void aDeepStackNeedsLittleMoreThanHalf() {
        double ratio = (double) peak(Saved.BF16) / peak(Saved.EXACT);
        assertTrue(ratio > 0.5 && ratio < 0.56, "peak with BF16 is " + ratio + " of the exact one");
    }
}
