package org.lugha.runtime.cpu;

import java.util.Optional;
import org.lugha.runtime.Device;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.cpu.attention.CpuAttention;
import org.lugha.runtime.cpu.attention.IdleAttention;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.matmul.CpuMatmul;
import org.lugha.runtime.cpu.matmul.CpuQuant;
import org.lugha.runtime.cpu.matmul.PanelCache;
import org.lugha.runtime.cpu.pass.CpuCopy;
import org.lugha.runtime.cpu.pass.CpuElementwise;
import org.lugha.runtime.cpu.pass.CpuIndex;
import org.lugha.runtime.cpu.pass.CpuLoss;
import org.lugha.runtime.cpu.pass.CpuNorm;
import org.lugha.runtime.cpu.pass.CpuOptimizer;
import org.lugha.runtime.cpu.pass.CpuReduce;
import org.lugha.runtime.cpu.pass.CpuRope;
import org.lugha.runtime.cpu.pass.CpuSoftmax;
import org.lugha.runtime.cpu.pass.IdleNorm;
import org.lugha.runtime.cpu.pass.IdleReduce;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.host.HostDevice;
import org.lugha.runtime.host.HostMemory;
import org.lugha.runtime.plan.IdleKernels;
import org.lugha.runtime.reference.ReferenceProvider;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.CopyKernel;
import org.lugha.runtime.spi.DeviceProvider;
import org.lugha.runtime.spi.ElementwiseKernel;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.LossKernel;
import org.lugha.runtime.spi.MatmulKernel;
import org.lugha.runtime.spi.NormKernel;
import org.lugha.runtime.spi.OptimizerKernel;
import org.lugha.runtime.spi.QuantKernel;
import org.lugha.runtime.spi.ReduceKernel;
import org.lugha.runtime.spi.RopeKernel;
import org.lugha.runtime.spi.SoftmaxKernel;

/** The device {@code cpu}. */
public final class CpuProvider implements DeviceProvider {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Optional<String> unavailable() {
        return VectorModule.missing();
    }

    @Override
    public Device open(int index) {
        if (index != 0) {
            throw new DeviceException("device cpu:" + index + ": there is only cpu");
        }
        return new HostDevice(
                name(),
                description(),
                HostMemory.create(),
                kernels(Workers.shared(), PanelCache.shared()),
                idle(),
                () -> Optional.of(CpuLimits.measured(Workers.shared())));
    }

    /** Those that take memory of the device's pool are told apart from those that do not. */
    private static Kernels idle() {
        Kernels k = IdleKernels.all();
        return new Kernels(
                k.copy(),
                k.elementwise(),
                new IdleReduce(k.reduce()),
                k.matmul(),
                k.softmax(),
                new IdleNorm(k.norm()),
                k.rope(),
                new IdleAttention(k.attention()),
                k.index(),
                k.loss(),
                k.quant(),
                k.optimizer());
    }

    private static String description() {
        return System.getProperty("os.arch")
                + ", "
                + Workers.shared().threads()
                + " threads, vectors of "
                + Lanes.N * 32
                + " bits";
    }

    /** Every kernel of this device on a pool of so many threads, for tests: equal bits on all. */
    public static Kernels kernels(int threads) {
        return kernels(new Workers(threads));
    }

    /** The same on this pool; nothing is kept from call to call. */
    static Kernels kernels(Workers workers) {
        return kernels(workers, new PanelCache(0));
    }

    /** Every kernel of this device; one that fans out takes the pool in its constructor. */
    static Kernels kernels(Workers workers, PanelCache panels) {
        Kernels reference = ReferenceProvider.kernels();
        return new Kernels(
                new CpuCopy(workers, SlowPath.of(CopyKernel.class, reference.copy())),
                new CpuElementwise(
                        workers, SlowPath.of(ElementwiseKernel.class, reference.elementwise())),
                new CpuReduce(workers, SlowPath.of(ReduceKernel.class, reference.reduce())),
                new CpuMatmul(workers, SlowPath.of(MatmulKernel.class, reference.matmul()), panels),
                new CpuSoftmax(workers, SlowPath.of(SoftmaxKernel.class, reference.softmax())),
                new CpuNorm(workers, SlowPath.of(NormKernel.class, reference.norm())),
                new CpuRope(workers, SlowPath.of(RopeKernel.class, reference.rope())),
                new CpuAttention(
                        workers, SlowPath.of(AttentionKernel.class, reference.attention())),
                new CpuIndex(workers, SlowPath.of(IndexKernel.class, reference.index())),
                new CpuLoss(workers, SlowPath.of(LossKernel.class, reference.loss())),
                new CpuQuant(workers, SlowPath.of(QuantKernel.class, reference.quant())),
                new CpuOptimizer(
                        workers, SlowPath.of(OptimizerKernel.class, reference.optimizer())));
    }
}
