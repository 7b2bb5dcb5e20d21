package org.lugha.runtime.measure;

import java.util.Collection;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Limits;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** JMH, and after it each rate beside what this machine can do at most. Takes JMH's options. */
public final class Report {
    private Report() {}

    public static void main(String[] args) throws Exception {
        Collection<RunResult> all = new Runner(new CommandLineOptions(args)).run();
        if (all.isEmpty()) {
            return;
        }
        Limits most = Devices.get("cpu").limits().orElseThrow();
        System.out.printf("%npeak %s%n", most.how());
        System.out.printf("%-44s %9s %8s %6s%n", "case", "GFLOP/s", "GB/s", "share");
        for (RunResult r : all) {
            double flops = rate(r, "gflop");
            double bytes = rate(r, "gbyte");
            double share = Math.max(flops * 1e9 / most.flops(), bytes * 1e9 / most.bytes());
            String kernel = r.getParams().getParam("kernel");
            String name = kernel == null ? r.getPrimaryResult().getLabel() : kernel;
            System.out.printf("%-44s %9.1f %8.1f %6.2f%n", name, flops, bytes, share);
        }
    }

    private static double rate(RunResult r, String counter) {
        Result<?> found = r.getSecondaryResults().get(counter);
        return found == null ? Double.NaN : found.getScore();
    }
}
