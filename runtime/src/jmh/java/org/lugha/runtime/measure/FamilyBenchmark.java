package org.lugha.runtime.measure;

import java.util.concurrent.TimeUnit;
import org.lugha.runtime.Devices;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One kernel at the shape that a case names, as {@code lugha bench} takes them: GFLOP/s and GB/s.
 * Another case: {@code -p kernel="gemm 64x64x64 NT"}; another device: {@code -p device=reference}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public abstract class FamilyBenchmark {
    private org.lugha.runtime.Scope scope;
    private Runnable call;
    private double gflop;
    private double gbyte;

    /** The case to run: a parameter of each family's own class. */
    abstract String kernel();

    abstract String device();

    /** What a call computes and moves, which JMH turns into rates. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Work {
        public double gflop;
        public double gbyte;
    }

    @Setup
    public void open() {
        scope = org.lugha.runtime.Scope.open("benchmark");
        Workload w = Family.of(kernel());
        call = w.setup().on(Devices.get(device()));
        gflop = w.flop() * 1e-9;
        gbyte = w.bytes() * 1e-9;
    }

    @TearDown
    public void close() {
        scope.close();
    }

    @Benchmark
    public void call(Work work) {
        call.run();
        work.gflop += gflop;
        work.gbyte += gbyte;
    }
}
