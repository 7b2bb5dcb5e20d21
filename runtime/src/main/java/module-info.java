/** Tensors, scopes, devices and kernels: what everything else is written in. */
module org.lugha.runtime {
    requires jdk.incubator.vector;
    requires jdk.management;

    exports org.lugha.runtime;
    exports org.lugha.runtime.measure;
    exports org.lugha.runtime.plan;
    exports org.lugha.runtime.spi;

    uses org.lugha.runtime.spi.DeviceProvider;

    // META-INF/services says the same for the class path.
    provides org.lugha.runtime.spi.DeviceProvider with
            org.lugha.runtime.cpu.CpuProvider,
            org.lugha.runtime.reference.ReferenceProvider;
}
