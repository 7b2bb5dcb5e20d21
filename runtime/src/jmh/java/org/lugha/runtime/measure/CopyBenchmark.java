package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Copies and conversions. */
public class CopyBenchmark extends FamilyBenchmark {
    @Param({
        "copy 16777216 f32-f32",
        "copy 16777216 f32-bf16",
        "copy 16777216 bf16-f32",
        "copy 16777216 f32-f16",
        "copy 16777216 f16-f32",
        "copy 2048x2048 transposed"
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
