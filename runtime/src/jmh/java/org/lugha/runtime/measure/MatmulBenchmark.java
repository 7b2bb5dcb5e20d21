package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Matrix products. */
public class MatmulBenchmark extends FamilyBenchmark {
    @Param({
        "gemm 128x128x128",
        "gemm 256x256x256",
        "gemm 512x512x512",
        "gemm 1024x1024x1024",
        "gemm 2048x2048x2048",
        "gemm 4096x4096x4096",
        "gemm 512x896x896 NT",
        "gemm 512x896x896 NN",
        "gemm 896x896x512 TN",
        "gemm 512x4864x896 NT",
        "gemm 512x896x4864 NN",
        "gemm 4864x896x512 TN",
        "gemm 512x896x4864 NT",
        "gemm 512x4864x896 NN",
        "gemm 896x4864x512 TN",
        "gemm 512x128x896 NT",
        "gemm 512x896x128 NN",
        "gemm 128x896x512 TN",
        "gemm 512x8x896 NT",
        "gemm 512x896x8 NT beta1",
        "gemm 512x8x896 NN",
        "gemm 512x896x8 NN beta1",
        "gemm 8x896x512 TN",
        "gemm 896x8x512 TN",
        "gemm 512x16x896 NT",
        "gemm 512x4864x16 NT beta1",
        "gemm 512x16x4864 NN",
        "gemm 512x896x16 NN beta1",
        "gemm 16x896x512 TN",
        "gemm 4864x16x512 TN",
        "gemm 1x4864x896 NT",
        "gemm 4x4864x896 NT"
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
