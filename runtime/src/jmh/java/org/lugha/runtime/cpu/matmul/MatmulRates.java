package org.lugha.runtime.cpu.matmul;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.reference.RefMatmul;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.MatmulKernel;

/**
 * Rates of matrix products in GFLOP/s, median and best of some rounds, one line a product; one
 * thread by its processor time, more by the wall clock: {@code java ..
 * org.lugha.runtime.cpu.matmul.MatmulRates THREADS ROUNDS [M N K FORM BETA]..}; FORM is NN, NT or
 * TN. Without products, those of a training step.
 */
public final class MatmulRates {
    private static final String STEP =
            "1024 512 512 NT 0 1024 512 512 NN 0 1024 1408 512 NT 0 1024 512 1408 NT 0 "
                    + "1024 512 1408 NN 0 1024 1408 512 NN 0 1024 16 512 NT 0 1024 512 16 NT 1 "
                    + "1024 16 512 NN 0 512 16 1024 TN 1 16 512 1024 TN 1 "
                    + "512 1408 1024 TN 1 1408 512 1024 TN 1 410 32000 512 NT 0 "
                    + "512 512 512 NN 0 1024 1024 1024 NN 0 2048 2048 2048 NN 0 "
                    + "512 512 512 NT 0 2048 2048 2048 NT 0 1 512 512 NT 0 1 32000 512 NT 0 "
                    + "1 4864 896 NT 0 4 1408 512 NT 0 1 1408 512 NN 0";

    private MatmulRates() {}

    public static void main(String[] args) {
        Device cpu = Devices.get("cpu");
        MatmulKernel kernel =
                new CpuMatmul(new Workers(Integer.parseInt(args[0])), new RefMatmul());
        int rounds = Integer.parseInt(args[1]);
        String[] w = args.length > 2 ? Arrays.copyOfRange(args, 2, args.length) : STEP.split(" ");
        for (int i = 0; i + 4 < w.length; i += 5) {
            int m = Integer.parseInt(w[i]);
            int n = Integer.parseInt(w[i + 1]);
            int k = Integer.parseInt(w[i + 2]);
            measure(
                    cpu,
                    kernel,
                    args[0].equals("1"),
                    rounds,
                    m,
                    n,
                    k,
                    w[i + 3],
                    Float.parseFloat(w[i + 4]));
        }
    }

    private static void measure(
            Device cpu,
            MatmulKernel kernel,
            boolean isAlone,
            int rounds,
            int m,
            int n,
            int k,
            String form,
            float beta) {
        boolean ta = form.charAt(0) == 'T';
        boolean tb = form.charAt(1) == 'T';
        try (var _ = Scope.open("rates")) {
            Tensor a = random(cpu, ta ? k : m, ta ? m : k);
            Tensor b = random(cpu, tb ? n : k, tb ? k : n);
            Tensor c = random(cpu, m, n);
            double[] rates = new double[rounds];
            double work = 2.0 * m * n * k;
            int calls = (int) Math.max(1, 2e7 / work);
            for (int r = -5; r < rounds; r++) {
                long since = now(isAlone);
                for (int i = 0; i < calls; i++) {
                    kernel.gemm(ta, tb, 1, a, b, new Into(c, beta));
                }
                double rate = work * calls / (now(isAlone) - since);
                if (r >= 0) {
                    rates[r] = rate;
                }
            }
            Arrays.sort(rates);
            System.out.printf(
                    "%d %d %d %s %.0f median %.1f best %.1f%n",
                    m, n, k, form, beta, rates[rounds / 2], rates[rounds - 1]);
        }
    }

    /** One thread is timed by its own clock: others that want the core do not count. */
    private static long now(boolean isAlone) {
        return isAlone
                ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime()
                : System.nanoTime();
    }

    private static Tensor random(Device cpu, int rows, int columns) {
        return Tensor.generate(
                cpu,
                DType.F32,
                Shape.of(rows, columns),
                i -> ((i * 0x9E3779B9L & 0xFFFF) - 32768.0) / 32768);
    }
}
