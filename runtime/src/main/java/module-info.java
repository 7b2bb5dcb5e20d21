/** Tensors, scopes, devices and kernels: what everything else is written in. */
module org.lugha.runtime {
    requires jdk.incubator.vector;

    exports org.lugha.runtime;
    exports org.lugha.runtime.spi;

    uses org.lugha.runtime.spi.DeviceProvider;
}
