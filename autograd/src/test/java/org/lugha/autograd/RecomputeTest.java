package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/** Gradients are those of the body as it stands; what is not a function of its inputs is found. */
class RecomputeTest implements Tensors {
    /** Runs a body as it stands, or again in backward. */
    private interface Runner {
        Var run(Function<Var[], Var> body, Var... in);
    }

    private static final Runner KEPT = Function::apply;
    private static final Runner RECOMPUTED = (body, in) -> new Recompute("layer", body).apply(in);

    private static Var layer(Var... in) {
        return in[0].linear(in[1]).softmax().dropout(0.3, 7).mul(in[0]).add(in[0]);
    }

    private static Tensor square(long seed) {
        return Tensors.randn(seed, 3, 3);
    }

    @Property
    void gradientMatchesCentralDifferences(@ForAll long seed) {
        OpAssertions.assertGradient(
                v -> RECOMPUTED.run(RecomputeTest::layer, v[0], v[1]).mul(v[1]),
                square(seed),
                square(seed + 1));
    }

    @Property
    void agreesOnAllDevices(@ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> RECOMPUTED.run(RecomputeTest::layer, v[0], v[1]),
                square(seed),
                square(seed + 1));
    }

    @Test
    void idsMayBeInputs() {
        Tensor ids = Tensors.ids(1, 3, 2);
        same(r -> v -> r.run(in -> in[0].rows(in[1].value()), v[0].scale(2), Var.of(ids)));
    }

    /** Every gradient of a network over three parameters is the same, bit by bit. */
    private static void same(Function<Runner, Function<Var[], Var>> network) {
        double[][] kept = gradients(network.apply(KEPT));
        double[][] recomputed = gradients(network.apply(RECOMPUTED));
        for (int i = 0; i < kept.length; i++) {
            assertArrayEquals(kept[i], recomputed[i], 0, "gradient " + i);
        }
    }

    private static double[][] gradients(Function<Var[], Var> network) {
        Parameter[] p = new Parameter[3];
        Arrays.setAll(p, i -> Parameter.of("p" + i, square(i)));
        try (var _ = Tape.open()) {
            Var y = network.apply(p);
            Tape.current().backward(y, Tensors.randn(9, y.shape()));
            return Arrays.stream(p)
                    .map(v -> v.hasGradient() ? v.gradient().toArray() : null)
                    .toArray(double[][]::new);
        } finally {
            Arrays.stream(p).forEach(Parameter::close);
        }
    }

    @Test
    void oneWeightInTwoLayersOneInsideTheOther() {
        same(r ->
                v -> {
                    Function<Var[], Var> two =
                            in ->
                                    r.run(
                                                    RecomputeTest::layer,
                                                    r.run(RecomputeTest::layer, in),
                                                    in[1])
                                            .mul(in[1]);
                    return r.run(two, v[0].scale(0.5), v[1]).add(v[1]).mul(v[0]);
                });
    }

    @Test
    void oneVarTwiceAndOutsideToo() {
        same(r ->
                v -> {
                    Var x = v[0].softmax();
                    Var before = x.mul(v[2]);
                    Var y = r.run(in -> in[0].mul(in[1]).linear(in[0]).add(in[1]), x, x);
                    return y.add(before).add(x.mul(y)).linear(x);
                });
    }

    @Test
    void whatTheBodyCapturesAndWhatItDoesNotUse() {
        same(r ->
                v -> {
                    Var seen = v[1].scale(2);
                    return r.run(in -> in[0].linear(seen).mul(seen), v[0].scale(1), v[2]).add(seen);
                });
    }

    @Test
    void anInputHandedThroughAndOneOnlyReshaped() {
        same(r -> v -> r.run(in -> in[1], v[0], v[1]).mul(r.run(in -> in[0], v[2].scale(3))));
        same(r -> v -> r.run(in -> in[0].view(9), v[0].scale(3)).view(3, 3).mul(v[0]));
        same(r -> v -> r.run(in -> Var.of(in[1].value()), v[0], v[1].scale(2)).mul(v[1]));
    }

    /** A frozen model with an adapter: no input but the body's own parameter wants a gradient. */
    @Test
    void aBodyWhoseInputIsConstantTrainsItsParameters() {
        same(r ->
                v ->
                        r.run(
                                RecomputeTest::layer,
                                Var.of(square(5).copy(v[0].value().dtype())),
                                v[1]));
    }

    @Test
    void freezingAndThawingAfterForwardChangesNothing() {
        same(r ->
                v -> {
                    Parameter thawed = ((Parameter) v[2]).trainable(false);
                    Var y = r.run(in -> layer(in).mul(in[2]), v);
                    thawed.trainable(true);
                    ((Parameter) v[1]).trainable(false);
                    return y;
                });
    }

    @Test
    void withoutATapeItIsTheBody() {
        double[] expected =
                layer(new Var[] {Var.of(square(1)), Var.of(square(2))}).value().toArray();
        Var y = RECOMPUTED.run(RecomputeTest::layer, Var.of(square(1)), Var.of(square(2)));
        assertFalse(y.needsGradient());
        assertArrayEquals(expected, y.value().toArray(), 0);
        try (Parameter p = Parameter.of("p", square(1).copy(y.value().dtype()));
                var _ = Tape.open()) {
            assertFalse(
                    RECOMPUTED.run(RecomputeTest::layer, p.trainable(false), p).needsGradient());
        }
    }

    @Test
    void onlyInputsAreKept() {
        boolean[] wanted = {true, true};
        long input = 9 * 8;
        long check = 8;
        assertEquals(
                2 * input + check,
                Gradients.saved(
                        v -> RECOMPUTED.run(RecomputeTest::layer, v),
                        wanted,
                        square(1),
                        square(2)));
    }

    @Test
    void aBodyThatIsNoFunctionOfItsInputsIsFound() {
        AtomicInteger runs = new AtomicInteger();
        fails(in -> in[0].dropout(0.5, runs.incrementAndGet()), "gave [3, 3] with a sum", "seed");
        fails(in -> runs.incrementAndGet() % 2 == 0 ? in[0].scale(1) : in[0].view(9), "[9] with");
        try (Parameter p = Parameter.of("p", square(1));
                var _ = Tape.open()) {
            Var loss = RECOMPUTED.run(in -> in[0].scale(2), p).sum();
            p.value().set(0, 5);
            rejects(loss::backward, "Recompute[layer]: its body must give the same values");
        }
    }

    private static void fails(Function<Var[], Var> body, String... parts) {
        try (Parameter p = Parameter.of("p", square(1));
                var _ = Tape.open()) {
            rejects(RECOMPUTED.run(body, p).sum()::backward, parts);
            assertFalse(p.hasGradient());
        }
    }

    @Test
    void whatWantsAGradientMustBeAnInput() {
        try (Parameter p = Parameter.of("p", square(1));
                var _ = Tape.open()) {
            Var x = Var.of(square(2));
            rejects(
                    () -> RECOMPUTED.run(in -> in[0].mul(p), x),
                    "Recompute[layer]: its body uses what wants a gradient and is not among");
            Var outer = p.scale(2);
            rejects(
                    RECOMPUTED.run(_ -> outer, p).sum()::backward,
                    "Recompute[layer]: its body returns what it did not make");
        }
    }

    private static void rejects(Executable call, String... parts) {
        String message = assertThrows(IllegalStateException.class, call).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
        }
        assertFalse(message.contains("\n"), message);
    }

    /** A step goes on after a body has thrown: the tape is the open one again. */
    @Test
    void aBodyThatThrowsLeavesTheTapeOpen() {
        try (Parameter p = Parameter.of("p", square(1));
                Tape tape = Tape.open()) {
            Function<Var[], Var> broken =
                    in -> {
                        try (var _ = Scope.open("inner")) {
                            in[0].scale(2);
                            throw new IllegalStateException("broken");
                        }
                    };
            rejects(() -> RECOMPUTED.run(broken, p), "broken");
            assertEquals(tape, Tape.current());
            p.sum().backward();
            assertTrue(p.hasGradient());
        }
    }
}
