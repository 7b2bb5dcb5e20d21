/** The CUDA device: driver bindings, the probe that finds a GPU and, later, kernels. */
module org.lugha.cuda {
    requires transitive org.lugha.runtime;

    exports org.lugha.cuda;

    // Also in META-INF/services, for the class path.
    provides org.lugha.runtime.spi.DeviceProvider with
            org.lugha.cuda.CudaProvider;
}
