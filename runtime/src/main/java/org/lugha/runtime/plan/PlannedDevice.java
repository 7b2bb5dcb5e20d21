package org.lugha.runtime.plan;

import java.lang.reflect.Proxy;
import org.lugha.runtime.Device;
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
import org.lugha.runtime.spi.Memory;
import org.lugha.runtime.spi.NormKernel;
import org.lugha.runtime.spi.OptimizerKernel;
import org.lugha.runtime.spi.QuantKernel;
import org.lugha.runtime.spi.ReduceKernel;
import org.lugha.runtime.spi.RopeKernel;
import org.lugha.runtime.spi.SoftmaxKernel;

/**
 * Stands for another device: the same code takes the same blocks on it, at addresses where nothing
 * lies. Its kernels look whether their operands are alive and compute nothing; every number read
 * from it is 0. One device plans one piece of work.
 */
public final class PlannedDevice implements Device {
    private static final Kernels KERNELS =
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

    private final Device real;
    private final PlannedMemory memory = new PlannedMemory();

    public PlannedDevice(Device real) {
        this.real = real;
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

    /** What the work so far took. */
    public Plan plan() {
        return memory.plan();
    }

    @Override
    public String name() {
        return "plan of " + real.name();
    }

    @Override
    public String description() {
        return "allocates as " + real.name() + " does and computes nothing";
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public Kernels kernels() {
        return KERNELS;
    }

    @Override
    public boolean isHost() {
        return false;
    }

    @Override
    public boolean computes() {
        return false;
    }

    @Override
    public String toString() {
        return name();
    }
}
