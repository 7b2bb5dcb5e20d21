package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Embedding rows. */
public class IndexBenchmark extends FamilyBenchmark {
    @Param({"index 1024x896x151936 gather", "index 1024x896x151936 scatter"})
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
