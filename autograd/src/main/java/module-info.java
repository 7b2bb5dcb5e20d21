/** Reverse-mode differentiation, modules, optimizers. */
module org.lugha.autograd {
    requires transitive org.lugha.runtime;
}
