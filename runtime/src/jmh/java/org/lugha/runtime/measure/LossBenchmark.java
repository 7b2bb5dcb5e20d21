package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Output layer and cross-entropy. */
public class LossBenchmark extends FamilyBenchmark {
    @Param({"loss 205x896x151936 of512", "loss 512x896x151936", "loss 205x896x151936 trained"})
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
