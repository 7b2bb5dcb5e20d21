package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Op;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import org.lugha.runtime.FreedTensorException;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;
import org.lugha.runtime.spi.Unary;

/**
 * What no op may take: each input of each op in turn is replaced by something it must refuse. A new
 * op needs a line of valid inputs here.
 */
class BadInputTest implements Tensors {
    /** Ops of one floating-point input that take it in any shape. */
    private static final Set<Class<?>> ANY_SHAPE =
            Set.of(
                    Activation.class,
                    Dropout.class,
                    Mean.class,
                    MeanAxis.class,
                    Rows.class,
                    Scale.class,
                    Slice.class,
                    SoftCap.class,
                    Softmax.class,
                    Sum.class,
                    SumAxis.class);

    private static final Shape ODD = Shape.of(97);
    private static final List<Shape> SHAPES =
            List.of(
                    Shape.of(),
                    Shape.of(0),
                    Shape.of(1),
                    ODD,
                    Shape.of(3, 2),
                    Shape.of(0, 3),
                    Shape.of(2, 3, 1),
                    Shape.of(1, 97, 2, 2),
                    Shape.of(1, 1, 1, 1, 1));

    private record Case(Op op, Tensor... inputs) {
        Var with(int i, Tensor other) {
            Var[] in = new Var[inputs.length];
            for (int j = 0; j < in.length; j++) {
                in[j] = Var.of(j == i ? other : inputs[j]);
            }
            return op.apply(in);
        }

        boolean isFloat(int i) {
            return inputs[i].dtype().isFloat();
        }
    }

    private static List<Case> cases() {
        return List.of(
                new Case(new Activation(Unary.SILU), x(2, 3)),
                new Case(new Add(), x(2, 3), x(2, 3)),
                new Case(new Alibi(1, 2), x(1, 2, 3, 4)),
                new Case(
                        new Attention(1, Mask.full()), x(1, 3, 2, 2), x(1, 3, 2, 2), x(1, 3, 2, 2)),
                new Case(new Bias(), x(2, 3), x(3)),
                new Case(new Gain(), x(2, 3), x(3)),
                new Case(new Concat(0), x(2, 3), x(1, 3)),
                new Case(new CrossEntropy(1, 0), x(2, 3), ids(2)),
                new Case(new Dropout(0.5, 1), x(2, 3)),
                new Case(new Embedding(), x(4, 3), ids(2)),
                new Case(new Expand(Shape.of(2, 3)), x(1, 3)),
                new Case(new FusedAttention(Scores.scaled(1, Mask.full()), 2), x(1, 2, 3, 2, 2)),
                new Case(new Gate(Unary.SILU), x(2, 3), x(2, 3)),
                new Case(new Gather(), x(2, 3), ids(2, 2)),
                new Case(new KlDivergence(1, 2), x(2, 3), x(2, 3)),
                new Case(new LayerNorm(1e-5), x(2, 3), x(3), x(3)),
                new Case(new Linear(false), x(2, 3), x(4, 3), x(4)),
                new Case(new LinearCrossEntropy(1), x(2, 3), x(4, 3), ids(2)),
                new Case(new LowRank(1), x(2, 4), x(2, 3), x(1, 3), x(4, 1)),
                new Case(new MaskedFill(0), x(2, 3), ids(2, 3)),
                new Case(new Matmul(false, false), x(2, 3), x(3, 4)),
                new Case(new Mean(), x(2, 3)),
                new Case(new MeanAxis(0), x(2, 3)),
                new Case(new MeanSquaredError(1), x(2, 3), x(2, 3)),
                new Case(new Mul(), x(2, 3), x(2, 3)),
                new Case(new PreferenceLoss(1, 1), x(2), x(2), x(2), x(2)),
                new Case(new QuantizedLinear(Quantized.int8(x(4, 3))), x(2, 3), x(4)),
                new Case(new ReplaceRows(), x(4, 2), x(1, 2), ids(1)),
                new Case(new RelativeBias(true, 8, 2, 3, 0), x(4, 2)),
                new Case(new RmsNorm(1e-5), x(2, 3), x(3)),
                new Case(new Rope(), x(1, 2, 2, 4), ids(1, 2), x(5, 2), x(5, 2)),
                new Case(new Rows(), x(2, 3), ids(2)),
                new Case(new Scale(2), x(2, 3)),
                new Case(new SequenceLogProb(1, 2), x(2, 3), x(4, 3), ids(2)),
                new Case(new Slice(0, 0, 1), x(2, 3)),
                new Case(new SoftCap(1), x(2, 3)),
                new Case(new Softmax(), x(2, 3)),
                new Case(new Sub(), x(2, 3), x(2, 3)),
                new Case(new Sum(), x(2, 3)),
                new Case(new SumAxis(0), x(2, 3)),
                new Case(new Transpose(0, 1), x(2, 3)),
                new Case(new View(Shape.of(6)), x(2, 3)));
    }

    private static Tensor x(int... dims) {
        return Tensors.randn(1, dims);
    }

    private static Tensor ids(int... dims) {
        return Tensor.zeros(REFERENCE, DType.I32, Shape.of(dims));
    }

    private interface Replacing {
        void input(Case c, int i);
    }

    private static void everyInput(Replacing body) {
        for (Case c : cases()) {
            for (int i = 0; i < c.inputs.length; i++) {
                body.input(c, i);
            }
        }
    }

    @Test
    void everyOpHasALine() throws Exception {
        Set<String> lines =
                cases().stream()
                        .map(c -> c.op.getClass().getSimpleName())
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> ops =
                EveryOpTest.ops().stream()
                        .map(Class::getSimpleName)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ops, lines);
    }

    @Test
    void integersWhereAGradientMayBeWanted() {
        everyInput((c, i) -> {
            for (DType type : c.isFloat(i) ? List.of(DType.I32, DType.U8) : List.of(DType.F64)) {
                Tensor other = Tensor.zeros(REFERENCE, type, c.inputs[i].shape());
                refused(c, i, other, "as input " + i + ", got " + other);
            }
        });
    }

    @Test
    void typesThatDoNotGoTogether() {
        everyInput((c, i) -> {
            Tensor other = Tensor.zeros(REFERENCE, DType.F32, c.inputs[i].shape());
            if (c.isFloat(i) && floats(c) > 1) {
                refused(c, i, other, "needs inputs that are all F64, or none, got ");
            }
        });
    }

    private static long floats(Case c) {
        return List.of(c.inputs).stream().filter(t -> t.dtype().isFloat()).count();
    }

    @Test
    void anotherDevice() {
        everyInput((c, i) -> {
            Tensor t = c.inputs[i];
            if (c.inputs.length > 1) {
                Tensor other = Tensor.zeros(Devices.get("cpu"), t.dtype(), t.shape());
                refused(c, i, other, "needs inputs on one device, got ");
            }
        });
    }

    private static void refused(Case c, int i, Tensor other, String part) {
        String message = assertThrows(ShapeException.class, () -> c.with(i, other)).getMessage();
        assertTrue(message.startsWith(c.op + ": "), message);
        assertTrue(message.contains(part), message);
    }

    @Test
    void whatDiedWithItsScope() {
        everyInput((c, i) -> {
            Tensor gone;
            try (var _ = Scope.open("before")) {
                gone = c.inputs[i].copy(c.inputs[i].dtype());
            }
            String message =
                    assertThrows(FreedTensorException.class, () -> c.with(i, gone)).getMessage();
            assertTrue(
                    message.startsWith(c.op + ": input " + i + " " + gone + " is gone: "), message);
            assertTrue(message.contains("'before'"), message);
        });
    }

    @Test
    void aSecondBackward() {
        for (Case c : cases()) {
            backward(
                    c.inputs,
                    v -> {
                        Var y = c.op.apply(v);
                        Tensor dy = Tensors.randn(1, y.shape());
                        Tape.current().backward(y, dy);
                        String message =
                                assertThrows(
                                                IllegalStateException.class,
                                                () -> Tape.current().backward(y, dy))
                                        .getMessage();
                        assertTrue(
                                message.startsWith("backward: the tape has let go of " + c.op),
                                message);
                        return y;
                    });
        }
    }

    @Test
    void shapesThatDoNotFit() {
        everyInput((c, i) -> {
            Tensor other = Tensor.zeros(REFERENCE, c.inputs[i].dtype(), ODD);
            if (c.isFloat(i) && !ANY_SHAPE.contains(c.op.getClass())) {
                refused(c, i, other, "F64[97]@reference");
            }
        });
    }

    /** Any shape either computes, forward and backward, or is refused by the op. */
    @Test
    void noShapeBreaksAKernel() {
        everyInput((c, i) -> {
            for (Shape shape : SHAPES) {
                Tensor[] in = c.inputs.clone();
                in[i] = Tensor.zeros(REFERENCE, in[i].dtype(), shape);
                try {
                    backward(
                            in,
                            v -> {
                                Var y = c.op.apply(v);
                                Tape.current().backward(y, Tensors.randn(1, y.shape()));
                                return y;
                            });
                } catch (ShapeException e) {
                    assertTrue(e.getMessage().startsWith(c.op + ": "), e.getMessage());
                    assertFalse(e.getMessage().contains("\n"), e.getMessage());
                } catch (RuntimeException e) {
                    fail(c.op + " with " + in[i] + " as input " + i, e);
                }
            }
        });
    }

    private static void backward(Tensor[] inputs, Function<Var[], Var> f) {
        Var[] v = new Var[inputs.length];
        for (int i = 0; i < v.length; i++) {
            boolean isFloat = inputs[i].dtype().isFloat();
            v[i] = isFloat ? Parameter.of("input " + i, inputs[i]) : Var.of(inputs[i]);
        }
        try (var _ = Tape.open()) {
            assertTrue(f.apply(v).needsGradient());
        } finally {
            for (Var one : v) {
                if (one instanceof Parameter p) {
                    p.close();
                }
            }
        }
    }
}
