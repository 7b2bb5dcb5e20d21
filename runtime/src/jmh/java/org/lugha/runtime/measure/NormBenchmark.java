package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** RMSNorm and LayerNorm. */
public class NormBenchmark extends FamilyBenchmark {
    @Param({"norm 512x896", "norm 1024x896", "norm 1024x4096", "norm 1024x896 layer"})
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
