package org.lugha.runtime.cpu.matmul;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Layout;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.reference.RefMatmul;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.MatmulKernel;

class CpuMatmulTest {
    private static final Device CPU = Devices.get("cpu");
    private static final MatmulKernel REFERENCE = new RefMatmul();
    private static final MatmulKernel NONE =
            (_, _, _, _, _, _) -> {
                throw new AssertionError("the reference was asked");
            };
    private static final MatmulKernel ONE = new CpuMatmul(new Workers(1), NONE);
    private static final MatmulKernel TWO = new CpuMatmul(new Workers(2), NONE);

    /** How a matrix lies in memory. */
    enum Lie {
        DENSE,
        PADDED,
        SPREAD,
        TURNED
    }

    private record Case(
            int batch, int m, int n, int k, boolean ta, boolean tb, double alpha, float beta) {}

    @Provide
    Arbitrary<Integer> sizes() {
        int l = Lanes.N;
        return Arbitraries.frequencyOf(
                Tuple.of(
                        5,
                        Arbitraries.of(
                                1, 2, 5, 6, 7, 8, 9, l - 1, l, l + 1, 2 * l, 2 * l + 1, 4 * l, 23,
                                24, 25, 4 * l + 1, 97, 127, 257, 300)),
                Tuple.of(2, Arbitraries.integers().between(1, 130)),
                Tuple.of(1, Arbitraries.of(513, 521, 1025)));
    }

    private static Tensor matrix(Shape shape, Lie lie, DType dtype, long seed) {
        int r = shape.rank();
        int rows = shape.dim(-2);
        int columns = shape.dim(-1);
        int[] d = shape.dims().clone();
        switch (lie) {
            case DENSE -> {}
            case PADDED -> {
                d[r - 2] = rows + 3;
                d[r - 1] = columns + 5;
            }
            case SPREAD -> d[r - 1] = 2 * columns;
            case TURNED -> {
                d[r - 2] = columns;
                d[r - 1] = rows;
            }
        }
        Tensor t = Tensor.randn(CPU, dtype, new Shape(d), seed);
        return switch (lie) {
            case DENSE -> t;
            case PADDED -> t.slice(-2, 2, 2 + rows).slice(-1, 1, 1 + columns);
            case SPREAD -> {
                long[] strides = t.layout().strides().clone();
                strides[r - 1] = 2;
                yield new Tensor(t.storage(), new Layout(shape, strides, 1), dtype);
            }
            case TURNED -> t.transpose(-1, -2);
        };
    }

    private static Shape shape(int batch, int rows, int columns) {
        return batch == 0 ? Shape.of(rows, columns) : Shape.of(batch, rows, columns);
    }

    private static void check(Case t, Lie lieA, Lie lieB, Lie lieC, DType right) {
        try (var _ = Scope.open("check")) {
            Shape a = t.ta() ? shape(t.batch(), t.k(), t.m()) : shape(t.batch(), t.m(), t.k());
            Shape b = t.tb() ? shape(t.batch(), t.n(), t.k()) : shape(t.batch(), t.k(), t.n());
            Shape c = shape(t.batch(), t.m(), t.n());
            Tensor x = matrix(a, lieA, DType.F32, 1);
            Tensor y = matrix(b, lieB, right, 2);
            Tensor one = matrix(c, lieC, DType.F32, 3);
            Tensor two = matrix(c, lieC, DType.F32, 3);
            Tensor exact = one.copy(DType.F64);
            if (t.beta() == 0) {
                for (long i = 0; i < one.count(); i++) {
                    one.set(i, Double.NaN);
                    two.set(i, Double.NaN);
                }
            }
            Tensor size = Tensor.empty(CPU, DType.F64, c);
            ONE.gemm(t.ta(), t.tb(), t.alpha(), x, y, new Into(one, t.beta()));
            TWO.gemm(t.ta(), t.tb(), t.alpha(), x, y, new Into(two, t.beta()));
            REFERENCE.gemm(t.ta(), t.tb(), t.alpha(), x, y, new Into(exact, t.beta()));
            REFERENCE.gemm(t.ta(), t.tb(), t.alpha(), abs(x), abs(y), Into.overwrite(size));
            double[] got = one.toArray();
            assertArrayEquals(got, two.toArray());
            double[] want = exact.toArray();
            double[] scale = size.toArray();
            for (int i = 0; i < got.length; i++) {
                double most = 6e-8 * (4 + Math.sqrt(t.k())) * (Math.abs(scale[i]) + 4);
                int at = i;
                assertEquals(
                        want[i],
                        got[i],
                        most,
                        () -> t + " c " + lieC + " b " + right + " at " + at);
            }
        }
    }

    private static Tensor abs(Tensor t) {
        return Tensor.generate(CPU, DType.F64, t.shape(), i -> Math.abs(t.get(i)));
    }

    @Property
    void products_are_right(
            @ForAll("sizes") int m,
            @ForAll("sizes") int n,
            @ForAll("sizes") int k,
            @ForAll boolean ta,
            @ForAll boolean tb,
            @ForAll Lie lieA,
            @ForAll Lie lieB,
            @ForAll Random random) {
        int depth = (long) m * n * k > 1 << 23 ? Math.max(1, (int) ((1L << 23) / m / n)) : k;
        double alpha = random.nextBoolean() ? 1 : -0.7;
        float beta = new float[] {0, 1, 0.5f}[random.nextInt(3)];
        Lie lieC = Lie.values()[random.nextInt(4)];
        DType right =
                random.nextInt(3) > 0 ? DType.F32 : random.nextBoolean() ? DType.BF16 : DType.F16;
        int batch = m * n < 4_000 ? random.nextInt(4) : 0;
        check(new Case(batch, m, n, depth, ta, tb, alpha, beta), lieA, lieB, lieC, right);
    }

    @Test
    void blocks_of_every_kind_meet() {
        check(new Case(0, 1, 5, 1, false, true, 1, 1), Lie.DENSE, Lie.DENSE, Lie.DENSE, DType.F32);
        check(
                new Case(0, 30, 4 * 64 + 2048, 9, false, true, 1, 0),
                Lie.DENSE,
                Lie.DENSE,
                Lie.DENSE,
                DType.F32);
        check(
                new Case(0, 3080, 70, 5, true, false, 1, 1),
                Lie.DENSE,
                Lie.DENSE,
                Lie.DENSE,
                DType.F32);
        check(
                new Case(0, 27, 70, 1024, false, false, 1, 0),
                Lie.DENSE,
                Lie.DENSE,
                Lie.DENSE,
                DType.BF16);
        check(
                new Case(0, 7, 2200, 19, false, false, 1, 0),
                Lie.DENSE,
                Lie.DENSE,
                Lie.DENSE,
                DType.F32);
    }

    /** Thin results by dot products: whole tiles and edges, depths with and without a rest. */
    @Test
    void thin_results() {
        int[] depths = {256, 257 + Lanes.N, 896, 1025, 2100};
        int number = 0;
        for (int k : depths) {
            for (int thin : new int[] {4, 7, 8, 16, 31, 32}) {
                float beta = number % 3 == 0 ? 0 : number % 3 == 1 ? 1 : 0.5f;
                double alpha = number++ % 2 == 0 ? 1 : -0.7;
                Case wide = new Case(0, thin, 70, k, false, true, alpha, beta);
                check(wide, Lie.DENSE, Lie.PADDED, Lie.PADDED, DType.F32);
                Case tall = new Case(0, 75, thin, k, false, true, alpha, beta);
                check(tall, Lie.PADDED, Lie.DENSE, Lie.DENSE, DType.F32);
                Case turned = new Case(0, 68, thin, k, false, false, alpha, beta);
                check(turned, Lie.DENSE, Lie.PADDED, Lie.DENSE, DType.F32);
            }
        }
    }

    /**
     * Little depth onto what is there, as LoRA's products: whole panels, edges, left as it lies.
     */
    @Test
    void shallow_updates() {
        int number = 0;
        for (int k : new int[] {1, 8, 16, 17, 63, 64, 65}) {
            for (int n : new int[] {Lanes.N + 1, 2 * Lanes.N, 70, 300}) {
                boolean tb = number % 2 == 0;
                Case t = new Case(0, 51, n, k, false, tb, number % 3 - 0.5, number % 4 * 0.5f);
                check(
                        t,
                        Lie.DENSE,
                        number % 3 == 0 ? Lie.SPREAD : Lie.PADDED,
                        Lie.PADDED,
                        DType.F32);
                check(t, Lie.TURNED, Lie.DENSE, Lie.DENSE, DType.F32);
                number++;
            }
        }
    }

    /** One or two rows against rows that lie dense. */
    @Test
    void rows_against_dense_rows() {
        int number = 0;
        for (int k : new int[] {1, 7, 8, 9, 130}) {
            for (int n : new int[] {1, Lanes.N - 1, 4 * Lanes.N, 300, 1201}) {
                Case t = new Case(0, 1 + number % 2, n, k, false, false, -0.7, number % 3 * 0.5f);
                check(t, Lie.values()[number % 4], Lie.PADDED, Lie.PADDED, DType.F32);
                number++;
            }
        }
    }

    @Test
    void nothing_to_sum_scales_what_is_there() {
        try (var _ = Scope.open("empty")) {
            MatmulKernel kernel = new CpuMatmul(new Workers(1), REFERENCE);
            Tensor c = Tensor.full(CPU, DType.F32, Shape.of(2, 3), 4);
            Tensor a = Tensor.empty(CPU, DType.F32, Shape.of(2, 0));
            Tensor b = Tensor.empty(CPU, DType.F32, Shape.of(0, 3));
            kernel.gemm(false, false, 1, a, b, new Into(c, 0.5f));
            assertArrayEquals(new double[] {2, 2, 2, 2, 2, 2}, c.toArray());
        }
    }

    @Test
    void other_types_are_the_reference_kernels_work() {
        try (var _ = Scope.open("doubles")) {
            Tensor a = Tensor.of(CPU, Shape.of(1, 2), 3.0, 4.0);
            Tensor c = Tensor.zeros(CPU, DType.F64, Shape.of(1, 1));
            CPU.kernels().matmul().gemm(false, true, 1, a, a, Into.overwrite(c));
            assertEquals(25, c.item());
        }
    }

    @Test
    void updates_of_little_depth_for_all_that_b_may_be() {
        int l = Lanes.N;
        for (int k : new int[] {8, 16}) {
            for (int n : new int[] {1, l + 1, 2 * l, 6 * l + 3, 1025}) {
                for (Lie lie : Lie.values()) {
                    Case t = new Case(0, 67, n, k, false, lie != Lie.PADDED, 1, 1);
                    check(t, Lie.PADDED, lie, Lie.PADDED, DType.F32);
                    Case scaled = new Case(0, 70, n, k, false, n % 2 == 0, 0.5, 1);
                    check(scaled, Lie.DENSE, lie, Lie.DENSE, DType.F32);
                }
            }
        }
    }

    @Test
    void bits_are_the_same_cold_and_hot() {
        try (var _ = Scope.open("bits")) {
            Tensor a = Tensor.randn(CPU, DType.F32, Shape.of(101, 200), 1);
            Tensor b = Tensor.randn(CPU, DType.F32, Shape.of(203, 200), 2);
            Tensor c = Tensor.empty(CPU, DType.F32, Shape.of(101, 203));
            double[] cold = {};
            for (int i = 0; i < 300; i++) {
                TWO.gemm(false, true, 1, a, b, Into.overwrite(c));
                TWO.gemm(false, true, 1, a.slice(0, 3, 8), b, Into.add(c.slice(0, 0, 5)));
                double[] now = c.toArray();
                if (i == 0) {
                    cold = now;
                }
                assertArrayEquals(cold, now);
            }
            assertTrue(cold.length > 0);
        }
    }
}
