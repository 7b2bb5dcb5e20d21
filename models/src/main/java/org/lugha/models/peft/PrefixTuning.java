package org.lugha.models.peft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.lugha.autograd.Parameter;
import org.lugha.models.Architecture;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.adapters.LayerPrefix;
import org.lugha.models.adapters.PrefixSource;
import org.lugha.models.adapters.SoftPrompt;
import org.lugha.models.adapters.VirtualPlaces;
import org.lugha.models.layers.FusedSelfAttention;
import org.lugha.models.layers.SelfAttention;
import org.lugha.nn.Adapter;
import org.lugha.nn.Init;
import org.lugha.nn.Module;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prefix tuning (Li and Liang 2021): learned keys and values of every attention layer before those
 * of an example, whose positions begin behind them. They are stored as one table {@code [n, 2
 * layers width]}, a layer's keys before its values.
 *
 * @param tokens {@code num_virtual_tokens}
 * @param isProjected {@code prefix_projection}: trained as two linear layers over a smaller table,
 *     and stored as what these give
 * @param inner {@code encoder_hidden_size}, between these layers; 0: as wide as keys
 */
public record PrefixTuning(int tokens, boolean isProjected, int inner) implements PeftConfig {
    private static final Set<String> KEYS =
            Set.of(
                    "num_virtual_tokens",
                    "prefix_projection",
                    "encoder_hidden_size",
                    "num_transformer_submodules",
                    "token_dim", // the model's own, which the tensor must fit
                    "num_attention_heads",
                    "num_layers",
                    "init_weights"); // of a fresh one

    public PrefixTuning {
        if (tokens < 1 || inner < 0) {
            throw new IllegalArgumentException(
                    "prefix tuning: expected at least 1 virtual token, got " + tokens);
        }
    }

    /** Reads {@code adapter_config.json}. */
    public static PrefixTuning of(ConfigJson j) {
        KnownKeys.refuseOthers(j, KEYS);
        return new PrefixTuning(
                VirtualTokenSettings.read(j),
                j.flag("prefix_projection", false),
                j.count("encoder_hidden_size", 0));
    }

    @Override
    public String prefix() {
        return "";
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        return attach(model, seed, isProjected ? projected(model) : flat(model));
    }

    /** The table as it is stored: what made it cannot be told from it. */
    @Override
    public Attached attachForFile(CausalLM model) {
        return attach(model, 0, flat(model));
    }

    private Attached attach(CausalLM model, long seed, PrefixSource source) {
        VirtualTokenSettings.refuseSecond(model, "prefix tuning");
        Architecture.CacheShape c = model.parts().cache();
        List<Module> layers = attention(model);
        return Attached.make(
                this,
                model,
                all -> {
                    all.add("", model.parts().embedding(), new VirtualPlaces(tokens));
                    for (int i = 0; i < layers.size(); i++) {
                        var part = new LayerPrefix(source, tokens, i, c.heads(), c.dim());
                        all.add("", layers.get(i), part);
                    }
                    int i = 0;
                    for (Parameter p : source.parameters().values()) {
                        long own = Philox.derive(seed, i++);
                        p.initialize(model.device(), model.dtype().wide(), own);
                    }
                });
    }

    private PrefixSource flat(CausalLM model) {
        return new PrefixSource.Flat(
                new Parameter(SoftPrompt.KEY, Shape.of(tokens, columns(model)), Init.normal(1)));
    }

    private PrefixSource projected(CausalLM model) {
        int width = width(model);
        int hidden = inner == 0 ? width : inner;
        int out = columns(model);
        Init down = Init.uniform(1 / Math.sqrt(width));
        Init up = Init.uniform(1 / Math.sqrt(hidden));
        return new PrefixSource.Projected(
                new Parameter("embedding.weight", Shape.of(tokens, width), Init.normal(1)),
                new Parameter("transform.0.weight", Shape.of(hidden, width), down),
                new Parameter("transform.0.bias", Shape.of(hidden), down),
                new Parameter("transform.2.weight", Shape.of(out, hidden), up),
                new Parameter("transform.2.bias", Shape.of(out), up));
    }

    private static int width(CausalLM model) {
        return model.parts().cache().heads() * model.parts().cache().dim();
    }

    private static int columns(CausalLM model) {
        return 2 * model.parts().cache().layers() * width(model);
    }

    /** By layer. */
    private static List<Module> attention(CausalLM model) {
        List<Module> all = new ArrayList<>();
        for (Module m : model.modules().values()) {
            if (m instanceof SelfAttention || m instanceof FusedSelfAttention) {
                all.add(m);
            }
        }
        return all;
    }

    /** The table, computed where it is projected. */
    @Override
    public SequencedMap<String, Tensor> tensors(Attached adapter) {
        if (adapter.parameters().containsKey(SoftPrompt.KEY)) {
            return PeftConfig.super.tensors(adapter);
        }
        int columns = columns(adapter.model());
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        for (Adapter a : adapter.adapters().values()) {
            if (a instanceof LayerPrefix p) {
                all.put(SoftPrompt.KEY, p.source().columns(0, columns).value());
            }
        }
        return all;
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        int width = width(model);
        ObjectNode j = VirtualTokenSettings.write("PREFIX_TUNING", tokens, width, model, base);
        j.put("encoder_hidden_size", inner == 0 ? width : inner);
        j.put("num_attention_heads", model.parts().cache().heads());
        j.put("prefix_projection", isProjected);
        return j;
    }
}
