/** Tensors, scopes, devices and kernels: what everything else is written in. */
module org.lugha.runtime {
    requires jdk.incubator.vector;
}
