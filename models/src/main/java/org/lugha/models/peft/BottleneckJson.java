package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.lugha.models.ConfigJson;
import org.lugha.models.adapters.Bottleneck;
import org.lugha.runtime.spi.Unary;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@link BottleneckAdapters} as {@code adapter_config.json}, keys named as in AdapterHub's. */
final class BottleneckJson {
    private static final Set<String> KEYS =
            Set.of(
                    "kind",
                    "mh_adapter",
                    "output_adapter",
                    "reads",
                    "reduction_factor",
                    "bottleneck_size",
                    "non_linearity",
                    "scaling",
                    "dropout",
                    "init_weights",
                    "leave_out",
                    "inv_adapter",
                    "inv_adapter_reduction_factor");

    /** Names of activations, the usual one first. */
    private static final SequencedMap<String, Unary> ACTIVATIONS = new LinkedHashMap<>();

    static {
        ACTIVATIONS.put("relu", Unary.RELU);
        ACTIVATIONS.put("swish", Unary.SILU);
        ACTIVATIONS.put("silu", Unary.SILU);
        ACTIVATIONS.put("gelu", Unary.GELU);
        ACTIVATIONS.put("gelu_new", Unary.GELU_TANH);
        ACTIVATIONS.put("tanh", Unary.TANH);
        ACTIVATIONS.put("sigmoid", Unary.SIGMOID);
    }

    private BottleneckJson() {}

    static BottleneckAdapters read(ConfigJson j) {
        KnownKeys.refuseOthers(j, KEYS);
        String kind = j.text("kind", "pfeiffer");
        var usual = BottleneckAdapters.usual(one(j, "kind", kind, BottleneckKind.values()));
        String reads = j.text("reads", text(usual.reads()));
        String activation = j.text("non_linearity", name(usual.activation()));
        if (!ACTIVATIONS.containsKey(activation)) {
            throw j.fail("non_linearity", "one of " + ACTIVATIONS.keySet(), activation);
        }
        String init =
                choice(
                        j,
                        "init_weights",
                        usual.startsAtZero() ? "mam_adapter" : "bert",
                        List.of("bert", "mam_adapter"));
        boolean inverts = !choice(j, "inv_adapter", "", List.of("", "nice")).isEmpty();
        return new BottleneckAdapters(
                usual.kind(),
                j.flag("mh_adapter", usual.afterAttention()),
                j.flag("output_adapter", usual.afterMlp()),
                one(j, "reads", reads, Bottleneck.Reads.values()),
                j.positive("reduction_factor", usual.reductionFactor()),
                j.count("bottleneck_size", 0),
                ACTIVATIONS.get(activation),
                j.number("scaling", usual.scale()),
                j.probability("dropout", 0),
                init.equals("mam_adapter"),
                j.ids("leave_out"),
                inverts,
                j.positive("inv_adapter_reduction_factor", usual.inverseReduction()));
    }

    static ObjectNode write(BottleneckAdapters c, String base) {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.put("base_model_name_or_path", base);
        j.put("bottleneck_size", c.size());
        j.put("dropout", c.dropout());
        j.put("inference_mode", true);
        j.put("init_weights", c.startsAtZero() ? "mam_adapter" : "bert");
        j.put("inv_adapter", c.isInvertible() ? "nice" : null);
        j.put("inv_adapter_reduction_factor", c.inverseReduction());
        j.put("kind", text(c.kind()));
        c.leaveOut().forEach(j.putArray("leave_out")::add);
        j.put("mh_adapter", c.afterAttention());
        j.put("non_linearity", name(c.activation()));
        j.put("output_adapter", c.afterMlp());
        j.put("peft_type", BottleneckAdapters.TYPE);
        j.put("reads", text(c.reads()));
        j.put("reduction_factor", c.reductionFactor());
        j.put("scaling", c.scale());
        j.put("task_type", "CAUSAL_LM");
        return j;
    }

    /** Names of activations that are known. */
    static List<String> activations() {
        return List.copyOf(ACTIVATIONS.keySet());
    }

    static Unary activation(String name) {
        return ACTIVATIONS.get(name);
    }

    static String name(Unary f) {
        return ACTIVATIONS.entrySet().stream()
                .filter(e -> e.getValue() == f)
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    static String text(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E one(ConfigJson j, String key, String name, E[] all) {
        for (E e : all) {
            if (text(e).equals(name)) {
                return e;
            }
        }
        throw j.fail(key, "one of " + List.of(all).stream().map(e -> text(e)).toList(), name);
    }

    private static String choice(ConfigJson j, String key, String otherwise, List<String> all) {
        String v = j.text(key, otherwise);
        if (!all.contains(v)) {
            throw j.fail(key, "one of " + all, v);
        }
        return v;
    }
}
