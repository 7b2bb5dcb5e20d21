package org.lugha.runtime.measure;

import org.openjdk.jmh.annotations.Param;

/** Products with weights in few bits, and the way there and back. */
public class QuantBenchmark extends FamilyBenchmark {
    @Param({
        "quant 512x896x896 NT",
        "quant 512x4864x896 NT",
        "quant 512x896x4864 NN",
        "quant 512x4864x896 NT nested",
        "quant 512x4864x896 NT int8",
        "quant 1x4864x896 NT",
        "quant 4864x896 quantize",
        "quant 4864x896 dequantize",
        "quant 4864x896 quantize int8",
        "quant 4864x896 dequantize int8"
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
