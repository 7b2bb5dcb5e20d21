package org.lugha.runtime.spi;

/**
 * Everything a device can compute, one small interface per family. A device is assembled family by
 * family; what it lacks it takes from another device through {@link HostFallback}.
 *
 * <p>Rules for every kernel: a {@link org.lugha.runtime.Tensor} is read and an {@link Into} is
 * written; inputs and outputs never overlap; tensors are contiguous unless the method says
 * otherwise; the same inputs give the same bits whatever the number of threads; shapes were checked
 * by the caller.
 */
public record Kernels(
        CopyKernel copy,
        ElementwiseKernel elementwise,
        ReduceKernel reduce,
        MatmulKernel matmul,
        SoftmaxKernel softmax,
        NormKernel norm,
        RopeKernel rope,
        AttentionKernel attention,
        IndexKernel index,
        LossKernel loss,
        QuantKernel quant,
        OptimizerKernel optimizer) {}
