package org.lugha.runtime.reference;

import java.util.Optional;
import org.lugha.runtime.Device;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.host.HostDevice;
import org.lugha.runtime.host.HostMemory;
import org.lugha.runtime.spi.DeviceProvider;
import org.lugha.runtime.spi.Kernels;

/** The device {@code reference}: slow, in double precision, and the definition of every kernel. */
public final class ReferenceProvider implements DeviceProvider {

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public Device open(int index) {
        if (index != 0) {
            throw new DeviceException("device reference:" + index + ": there is only reference");
        }
        return new HostDevice(
                name(),
                "plain loops in double precision",
                HostMemory.createForOneThread(),
                kernels());
    }

    /** Every kernel of the reference. */
    public static Kernels kernels() {
        return new Kernels(
                new RefCopy(),
                new RefElementwise(),
                new RefReduce(),
                new RefMatmul(),
                new RefSoftmax(),
                new RefNorm(),
                new RefRope(),
                new RefAttention(),
                new RefIndex(),
                new RefLoss(),
                new RefQuant(),
                new RefOptimizer());
    }
}
