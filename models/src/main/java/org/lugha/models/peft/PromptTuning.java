package org.lugha.models.peft;

import java.util.Set;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.Embedding;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.adapters.SoftPrompt;
import org.lugha.models.layers.Decoder;
import org.lugha.nn.Init;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prompt tuning (Lester et al. 2021): learned embeddings before every example. Positions begin with
 * them, labels do not reach them, and the last of them predicts an example's first token.
 *
 * @param tokens {@code num_virtual_tokens}
 * @param start where first values come from
 */
public record PromptTuning(int tokens, PromptStart start) implements PeftConfig {
    private static final Set<String> KEYS =
            Set.of(
                    "num_virtual_tokens",
                    "prompt_tuning_init",
                    "prompt_tuning_init_text",
                    "tokenizer_name_or_path",
                    "num_transformer_submodules",
                    "token_dim", // the model's own, which the tensor must fit
                    "num_attention_heads",
                    "num_layers");

    public PromptTuning {
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "prompt tuning: expected at least 1 virtual token, got " + tokens);
        }
    }

    /** Reads {@code adapter_config.json}. */
    public static PromptTuning of(ConfigJson j) {
        KnownKeys.refuseOthers(j, KEYS);
        return new PromptTuning(VirtualTokenSettings.read(j), PromptStart.read(j));
    }

    @Override
    public String prefix() {
        return "";
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        int[] ids = start.ids(model, tokens, seed);
        return attach(model, seed, ids);
    }

    /** Random first values: a text needs a tokenizer, which a file does not bring. */
    @Override
    public Attached attachForFile(CausalLM model) {
        return attach(model, 0, new int[0]);
    }

    private Attached attach(CausalLM model, long seed, int... ids) {
        VirtualTokenSettings.refuseSecond(model, "prompt tuning");
        var table = model.parts().embedding();
        int width = table.weight().shape().dim(1);
        double scale = model.parts().body() instanceof Decoder d ? d.scale() : 1;
        Parameter prompt = new Parameter(SoftPrompt.KEY, Shape.of(tokens, width), Init.normal(1));
        return Attached.make(
                this,
                model,
                all -> {
                    all.add("", table, new SoftPrompt(prompt, 1 / scale));
                    prompt.initialize(model.device(), model.dtype().wide(), seed);
                    if (ids.length > 0) {
                        fill(prompt, table.weight(), scale, ids);
                    }
                });
    }

    /** Embeddings as the model sees them. */
    private static void fill(Parameter prompt, Parameter table, double scale, int... ids) {
        try (var _ = Scope.open("first values of the prompt")) {
            Tensor rows = Tensor.of(table.value().device(), Shape.of(ids.length), ids);
            Var taken = new Embedding().apply(Var.of(table.value()), Var.of(rows)).scale(scale);
            prompt.bind(taken.value().copy(prompt.value().dtype()));
        }
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        int width = model.parts().embedding().weight().shape().dim(1);
        ObjectNode j = VirtualTokenSettings.write("PROMPT_TUNING", tokens, width, model, base);
        start.write(j);
        return j;
    }
}
