package org.lugha.runtime.cpu;

import java.util.Optional;
import org.lugha.runtime.Device;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.host.HostDevice;
import org.lugha.runtime.host.HostMemory;
import org.lugha.runtime.reference.ReferenceProvider;
import org.lugha.runtime.spi.DeviceProvider;
import org.lugha.runtime.spi.Kernels;

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
                name(), description(), HostMemory.create(), kernels(Workers.shared()));
    }

    private static String description() {
        return "%s, %d threads, vectors of %d bits"
                .formatted(System.getProperty("os.arch"), Workers.shared().threads(), Lanes.N * 32);
    }

    /** Every kernel of this device on a pool of so many threads, for tests: equal bits on all. */
    public static Kernels kernels(int threads) {
        return kernels(new Workers(threads));
    }

    /** Every kernel of this device; one that fans out takes the pool in its constructor. */
    static Kernels kernels(Workers workers) {
        Kernels reference = ReferenceProvider.kernels();
        return new Kernels(
                new CpuCopy(workers, reference.copy()),
                new CpuElementwise(workers, reference.elementwise()),
                new CpuReduce(workers, reference.reduce()),
                new CpuMatmul(workers, reference.matmul()),
                new CpuSoftmax(workers, reference.softmax()),
                new CpuNorm(workers, reference.norm()),
                new CpuRope(workers, reference.rope()),
                new CpuAttention(workers, reference.attention()),
                new CpuIndex(workers, reference.index()),
                new CpuLoss(workers, reference.loss()),
                new CpuOptimizer(workers, reference.optimizer()));
    }
}
