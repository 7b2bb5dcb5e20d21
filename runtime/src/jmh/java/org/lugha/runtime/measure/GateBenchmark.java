package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Gates, activations and sums. */
public class GateBenchmark extends FamilyBenchmark {
    @Param({
        "gate 1024x4864",
        "gate 512x4864",
        "gate 1024x4864 gelu",
        "gate 1024x4864 gelu_tanh",
        "gate 1024x3072 gelu_tanh alone",
        "gate 1024x896 add"
    })
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
