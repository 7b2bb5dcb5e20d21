/** Model families, checkpoints, tokenizers, adapters, training runs. */
module org.lugha.models {
    requires transitive org.lugha.autograd;
    requires transitive tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;

    exports org.lugha.models;
    exports org.lugha.models.adapters;
    exports org.lugha.models.bloom;
    exports org.lugha.models.chat;
    exports org.lugha.models.checkpoint;
    exports org.lugha.models.corpus;
    exports org.lugha.models.data;
    exports org.lugha.models.decoder;
    exports org.lugha.models.energy;
    exports org.lugha.models.evaluate;
    exports org.lugha.models.gemma;
    exports org.lugha.models.gpt2;
    exports org.lugha.models.layers;
    exports org.lugha.models.llama;
    exports org.lugha.models.measure;
    exports org.lugha.models.mistral;
    exports org.lugha.models.peft;
    exports org.lugha.models.qwen;
    exports org.lugha.models.report;
    exports org.lugha.models.settings;
    exports org.lugha.models.spectrum;
    exports org.lugha.models.tensorboard;
    exports org.lugha.models.tokenizer;
    exports org.lugha.models.train;

    uses org.lugha.models.ModelFamily;

    provides org.lugha.models.ModelFamily with
            org.lugha.models.bloom.BloomFamily,
            org.lugha.models.gemma.Gemma2Family,
            org.lugha.models.gemma.Gemma3Family,
            org.lugha.models.gemma.GemmaFamily,
            org.lugha.models.gpt2.Gpt2Family,
            org.lugha.models.llama.LlamaFamily,
            org.lugha.models.mistral.MistralFamily,
            org.lugha.models.qwen.Qwen2Family,
            org.lugha.models.qwen.Qwen3Family;
}
