/** Model families, checkpoints, tokenizers, adapters, training runs. */
module org.lugha.models {
    requires transitive org.lugha.autograd;
    requires transitive tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;

    exports org.lugha.models;
    exports org.lugha.models.checkpoint;
    exports org.lugha.models.report;
    exports org.lugha.models.train;
}
