/** Reverse-mode differentiation, modules, optimizers. */
module org.lugha.autograd {
    requires transitive org.lugha.runtime;

    exports org.lugha.autograd;
    exports org.lugha.autograd.op;
    exports org.lugha.nn;
    exports org.lugha.optim;
}
