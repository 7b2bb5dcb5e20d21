package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Softmax of rows. */
public class SoftmaxBenchmark extends FamilyBenchmark {
    @Param({"softmax 4096x512", "softmax 64x32000"})
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
