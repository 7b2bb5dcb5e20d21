package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** AdamW. */
public class OptimizerBenchmark extends FamilyBenchmark {
    @Param({"adamw 100x580000", "adamw 1x58000000", "adamw 336x26000"})
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
