/** The CUDA device: driver bindings and, later, its kernels. */
module org.lugha.cuda {
    requires org.lugha.runtime;
}
