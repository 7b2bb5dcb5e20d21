/** Model families, checkpoints, tokenizers, adapters, training runs. */
module org.lugha.models {
    requires transitive org.lugha.autograd;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;

    exports org.lugha.models.checkpoint;
}
