package org.lugha.cuda;

import java.util.Optional;
import org.lugha.runtime.Device;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.spi.DeviceProvider;

/** Finds NVIDIA GPUs. None can be opened yet: there are no kernels for them. */
public final class CudaProvider implements DeviceProvider {
    /** For ServiceLoader. */
    public CudaProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.of(reason(CudaProbe.probe()));
    }

    @Override
    public Device open(int index) {
        throw new DeviceException("cuda:" + index + ": " + reason(CudaProbe.probe()));
    }

    static String reason(Probe probe) {
        return switch (probe) {
            case Probe.Available found ->
                    found.words() + " found, but this version has no CUDA kernels yet";
            case Probe.Unavailable(String reason) -> reason;
        };
    }
}
