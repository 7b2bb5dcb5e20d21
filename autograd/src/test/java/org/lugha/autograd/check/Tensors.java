package org.lugha.autograd.check;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * What the properties of this module try, and the F64 tensors they make of it. Tensors are made
 * inside a try, in the scope that the kit's watch opens: an arbitrary yields shapes and seeds only.
 */
public interface Tensors {
    Device REFERENCE = Devices.get("reference");

    /** One extent: 1, primes, and 4 among them. */
    @Provide
    default Arbitrary<Integer> extents() {
        return Arbitraries.of(1, 2, 3, 4, 5, 7);
    }

    /** One to four axes, at most 60 elements. */
    @Provide
    default Arbitrary<Shape> shapes() {
        return extents()
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(Shape::of)
                .filter(s -> s.count() <= 60);
    }

    /** One to three axes, some longer than a vector register; at most 200 elements. */
    @Provide
    default Arbitrary<Shape> wide() {
        return Arbitraries.of(1, 2, 3, 5, 8, 17, 33)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(Shape::of)
                .filter(s -> s.count() <= 200);
    }

    /** Two to four axes whose product but for the last is at most 12. */
    @Provide
    default Arbitrary<Shape> batches() {
        return extents()
                .array(int[].class)
                .ofMinSize(2)
                .ofMaxSize(4)
                .map(Shape::of)
                .filter(s -> s.rows() <= 12);
    }

    /**
     * Up to twelve instructions that mostly use recent values; some hold programs of their own, two
     * deep at most, and some are computed again in backward.
     */
    @Provide
    default Arbitrary<Program> programs() {
        Arbitrary<Program> none = Arbitraries.just(Program.empty());
        Arbitrary<Program> innermost = programs(2, none);
        Arbitrary<Program> inner =
                programs(3, Arbitraries.frequencyOf(Tuple.of(3, none), Tuple.of(1, innermost)));
        return programs(12, Arbitraries.frequencyOf(Tuple.of(5, none), Tuple.of(1, inner)))
                .withoutEdgeCases();
    }

    private static Arbitrary<Program> programs(int most, Arbitrary<Program> bodies) {
        Arbitrary<Integer> operand = Arbitraries.of(0, 0, 1, 1, 2, 3, 5);
        return Combinators.combine(
                        Arbitraries.of(Program.Kind.class),
                        operand,
                        operand,
                        operand,
                        Arbitraries.of(Program.Within.class),
                        bodies)
                .as(Program.Instruction::new)
                .list()
                .ofMaxSize(most)
                .map(Program::new);
    }

    /** Bytes handed out by the reference device now. */
    static long live() {
        return REFERENCE.memory().usage().live();
    }

    /** Standard normal, F64, on the reference device. */
    static Tensor randn(long seed, int... dims) {
        return randn(seed, Shape.of(dims));
    }

    static Tensor randn(long seed, Shape shape) {
        return Tensor.randn(REFERENCE, DType.F64, shape, seed);
    }

    /** I32 in [0, limit), repetitions likely. */
    static Tensor ids(long seed, int limit, int... dims) {
        return Tensor.generate(
                REFERENCE,
                DType.I32,
                Shape.of(dims),
                i -> Math.floor(limit * (double) Philox.uniform(seed, i)));
    }
}
