package org.lugha.runtime.cpu;

import java.util.concurrent.TimeUnit;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of one product of the cpu device; {@link MatmulRates} gives rates and many shapes. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MatmulBenchmark {
    /** M N K and whether a and b are transposed. */
    @Param({"1024 512 512 NT", "1024 1408 512 NN", "512 1408 1024 TN", "1024 512 16 NT"})
    public String product = "";

    private Scope scope;
    private Tensor a;
    private Tensor b;
    private Tensor c;
    private boolean transposeA;
    private boolean transposeB;

    @Setup(Level.Iteration)
    public void open() {
        Device cpu = Devices.get("cpu");
        String[] w = product.split(" ", -1);
        int m = Integer.parseInt(w[0]);
        int n = Integer.parseInt(w[1]);
        int k = Integer.parseInt(w[2]);
        transposeA = w[3].charAt(0) == 'T';
        transposeB = w[3].charAt(1) == 'T';
        scope = Scope.open("benchmark");
        a = Tensor.rand(cpu, DType.F32, transposeA ? Shape.of(k, m) : Shape.of(m, k), -1, 1, 1);
        b = Tensor.rand(cpu, DType.F32, transposeB ? Shape.of(n, k) : Shape.of(k, n), -1, 1, 2);
        c = Tensor.zeros(cpu, DType.F32, Shape.of(m, n));
    }

    @TearDown(Level.Iteration)
    public void close() {
        scope.close();
    }

    @Benchmark
    public Tensor gemm() {
        a.device().kernels().matmul().gemm(transposeA, transposeB, 1, a, b, Into.overwrite(c));
        return c;
    }
}
