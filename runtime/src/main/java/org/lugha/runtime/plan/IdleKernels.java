package org.lugha.runtime.plan;

import java.lang.reflect.Proxy;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.CopyKernel;
import org.lugha.runtime.spi.ElementwiseKernel;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.LossKernel;
import org.lugha.runtime.spi.MatmulKernel;
import org.lugha.runtime.spi.NormKernel;
import org.lugha.runtime.spi.OptimizerKernel;
import org.lugha.runtime.spi.QuantKernel;
import org.lugha.runtime.spi.ReduceKernel;
import org.lugha.runtime.spi.RopeKernel;
import org.lugha.runtime.spi.SoftmaxKernel;

/** Kernels that look whether their operands are alive, and do nothing else. */
public final class IdleKernels {
    private static final Kernels ALL =
            new Kernels(
                    idle(CopyKernel.class),
                    idle(ElementwiseKernel.class),
                    idle(ReduceKernel.class),
                    idle(MatmulKernel.class),
                    idle(SoftmaxKernel.class),
                    idle(NormKernel.class),
                    idle(RopeKernel.class),
                    idle(AttentionKernel.class),
                    idle(IndexKernel.class),
                    idle(LossKernel.class),
                    idle(QuantKernel.class),
                    idle(OptimizerKernel.class));

    private IdleKernels() {}

    /** Of every family. */
    public static Kernels all() {
        return ALL;
    }

    private static <K> K idle(Class<K> family) {
        return family.cast(
                Proxy.newProxyInstance(
                        family.getClassLoader(),
                        new Class<?>[] {family},
                        (_, method, args) -> {
                            if (method.getDeclaringClass() == Object.class) {
                                return method.invoke(family, args);
                            }
                            for (Object operand : args) {
                                requireAlive(operand);
                            }
                            return null;
                        }));
    }

    private static void requireAlive(Object operand) {
        switch (operand) {
            case Tensor t -> t.storage().memory();
            case Into(Tensor t, float _) -> t.storage().memory();
            case Quantized w ->
                    w.map(t -> {
                        t.storage().memory();
                        return t;
                    });
            case null, default -> {}
        }
    }
}
