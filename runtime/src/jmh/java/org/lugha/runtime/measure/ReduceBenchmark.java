package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Sums. */
public class ReduceBenchmark extends FamilyBenchmark {
    @Param({"reduce 1024x4864 rows", "reduce 1024x56640 squares"})
    public String kernel = "";

    @Param("cpu")
    public String device = "";

    @Override
    String kernel() {
        return kernel;
    }

    @Override
    String device() {
        return device;
    }
}
