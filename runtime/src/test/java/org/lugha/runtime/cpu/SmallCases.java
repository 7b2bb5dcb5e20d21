package org.lugha.runtime.cpu;

import java.util.stream.Stream;

/** Every kind of call of every kernel, at sizes with edges that are over in a moment. */
final class SmallCases {
    private SmallCases() {}

    static Stream<String> all() {
        return Stream.of(
                "gemm 131x173x97 NN",
                "gemm 131x173x97 NT beta1",
                "gemm 131x173x97 TN",
                "gemm 131x173x97 TT",
                "gemm 131x173x97 NT bf16",
                "gemm 131x173x97 NN f16",
                "gemm 131x16x97 NT",
                "gemm 131x173x16 NT beta1",
                "gemm 16x173x131 TN",
                "gemm 173x16x131 TN",
                "gemm 1x873x197 NT",
                "gemm 4x873x197 NT bf16",
                "gemm 1x873x197 NN",
                "quant 131x173x97 NT",
                "quant 131x173x97 NN nested",
                "quant 131x173x97 NT int8",
                "quant 1x873x197 NT",
                "quant 67x131 dequantize",
                "attention 2x4x131x24",
                "attention 1x4x131x64 kv2 window40",
                "attention 1x4x131x64 segments50",
                "attention 1x4x131x64 full forward",
                "attention 1x4x131x64 cap5 alibi",
                "attention 1x4x1x80 kv2 keys300 forward",
                "loss 67x48x1531",
                "loss 67x48x1531 trained",
                "loss 67x48x1531 bf16",
                "loss 67x1531 given",
                "norm 67x131",
                "norm 67x131 layer",
                "gate 67x1531",
                "gate 67x1531 gelu",
                "gate 67x1531 gelu_tanh alone",
                "gate 67x1531 add",
                "gate 67x1531 mask",
                "gate 67x1531 mask bf16",
                "rope 2x67x4x24",
                "softmax 67x1531",
                "adamw 3x40009",
                "reduce 67x1531 rows",
                "reduce 67x1531 squares",
                "reduce 67x1531 last",
                "reduce 67x1531 axis8",
                "index 67x131x1531 gather",
                "index 67x131x1531 scatter",
                "index 67x31x1531 pick",
                "copy 100003 f32-f32",
                "copy 100003 f32-bf16",
                "copy 100003 bf16-f32",
                "copy 100003 f32-f16",
                "copy 100003 f16-f32",
                "copy 131x173 transposed");
    }
}
