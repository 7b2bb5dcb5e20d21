package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Rotary positions. */
public class RopeBenchmark extends FamilyBenchmark {
    @Param({"rope 2x512x14x64", "rope 1x2048x8x128"})
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
