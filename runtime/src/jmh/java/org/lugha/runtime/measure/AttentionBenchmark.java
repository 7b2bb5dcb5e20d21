package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Attention, forward and backward, and of one query against a cache. */
public class AttentionBenchmark extends FamilyBenchmark {
    @Param({
        "attention 2x14x512x64",
        "attention 1x8x2048x64",
        "attention 2x14x512x64 kv2",
        "attention 1x8x1024x128",
        "attention 1x8x2048x64 window256",
        "attention 1x8x2048x64 segments128",
        "attention 1x8x2048x64 cap50",
        "attention 1x8x2048x64 alibi",
        "attention 2x14x512x64 forward",
        "attention 1x8x1x64 keys4096 forward",
        "attention 1x14x1x64 kv2 keys4096 forward"
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
