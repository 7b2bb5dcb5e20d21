package org.lugha.models.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.runtime.Shape;

/** What a model consists of, from its declaration alone: nothing needs to be loaded. */
public final class ModelParts {
    private ModelParts() {}

    /** Numbers by part, each parameter counted once, in the order embeddings to output. */
    public static SequencedMap<String, Long> sizes(CausalLM model) {
        SequencedMap<String, Long> all = new LinkedHashMap<>();
        for (String part : List.of("embeddings", "attention", "mlp", "norms", "other", "lm_head")) {
            all.put(part, 0L);
        }
        Parameter table = model.parts().embedding().weight();
        model.named()
                .forEach((name, p) ->
                        all.merge(
                                p == table ? "embeddings" : part(name),
                                p.shape().count(),
                                Long::sum));
        all.values().removeIf(n -> n == 0);
        return all;
    }

    /** Linear layers that LoRA can adapt, by the last part of their path, and how many each. */
    public static SequencedMap<String, Integer> targets(CausalLM model) {
        SequencedMap<String, Integer> all = new LinkedHashMap<>();
        for (Map.Entry<String, Module> e : model.modules().entrySet()) {
            if (e.getValue() instanceof Linear && !e.getKey().equals("lm_head")) {
                all.merge(e.getKey().substring(e.getKey().lastIndexOf('.') + 1), 1, Integer::sum);
            }
        }
        return all;
    }

    /** What one rank of LoRA adds: in + out of every linear layer of these names. */
    public static long loraPerRank(CausalLM model, List<String> names) {
        long sum = 0;
        for (Map.Entry<String, Module> e : model.modules().entrySet()) {
            String last = e.getKey().substring(e.getKey().lastIndexOf('.') + 1);
            if (e.getValue() instanceof Linear l && names.contains(last)) {
                Shape shape = l.weight().shape();
                sum += (long) shape.dim(0) + shape.dim(1);
            }
        }
        return sum;
    }

    private static String part(String name) {
        String n = name.toLowerCase(Locale.ROOT);
        if (n.startsWith("lm_head")) {
            return "lm_head";
        }
        if (n.contains("norm") || n.contains(".ln_")) {
            return "norms";
        }
        if (n.contains("attn") || n.contains("attention")) {
            return "attention";
        }
        if (n.contains(".mlp.")) {
            return "mlp";
        }
        return n.contains("embed") || n.contains("wpe") ? "embeddings" : "other";
    }
}
