package org.lugha.runtime;

import java.util.concurrent.TimeUnit;
import org.lugha.runtime.spi.Into;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** {@code c = a b^T} of a linear layer over a batch of tokens; {@code gflop} is in GFLOP/s. */
@Fork(2)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class MatmulBenchmark {
    /** Rows of a, columns of c, columns of a. */
    @Param({"512x512x512", "1024x1408x512", "1x4864x896"})
    private String size;

    @Param({"cpu"})
    private String device;

    private Scope scope;
    private Device on;
    private Tensor a;
    private Tensor b;
    private Tensor c;
    private double gflop;

    /** Work done, as JMH counts it. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    public static class Work {
        public double gflop;
    }

    @Setup
    public void open() {
        String[] s = size.split("x", 3);
        int m = Integer.parseInt(s[0]);
        int n = Integer.parseInt(s[1]);
        int k = Integer.parseInt(s[2]);
        scope = Scope.open("benchmark");
        on = Devices.get(device);
        a = Tensor.randn(on, DType.F32, Shape.of(m, k), 1);
        b = Tensor.randn(on, DType.F32, Shape.of(n, k), 2);
        c = Tensor.empty(on, DType.F32, Shape.of(m, n));
        gflop = 2e-9 * m * n * k;
    }

    @TearDown
    public void close() {
        scope.close();
    }

    @Benchmark
    public Tensor linear(Work work) {
        on.kernels().matmul().gemm(false, true, 1, a, b, Into.overwrite(c));
        work.gflop += gflop;
        return c;
    }
}
