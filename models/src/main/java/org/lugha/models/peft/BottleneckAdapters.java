package org.lugha.models.peft;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.adapters.Bottleneck;
import org.lugha.models.adapters.Coupling;
import org.lugha.models.adapters.Invertible;
import org.lugha.models.adapters.TwoLayers;
import org.lugha.models.layers.FusedSelfAttention;
import org.lugha.models.layers.GatedMlp;
import org.lugha.models.layers.Mlp;
import org.lugha.models.layers.SelfAttention;
import org.lugha.nn.Embedding;
import org.lugha.nn.Init;
import org.lugha.nn.Module;
import org.lugha.runtime.Philox;
import org.lugha.runtime.spi.Unary;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bottleneck adapters as AdapterHub's library defines them: a small feed-forward of its own at the
 * attention or the feed-forward layer of each block, and for a language (MAD-X, Pfeiffer et al.
 * 2020) an invertible coupling at the input embedding and its inverse before the output. The format
 * is our own: PEFT has none.
 *
 * @param kind which of the usual arrangements it began as
 * @param afterAttention {@code mh_adapter}
 * @param afterMlp {@code output_adapter}
 * @param reads what a correction is computed from
 * @param reductionFactor the bottleneck is hidden / this wide
 * @param size the bottleneck's width where it is said outright; 0: by the factor
 * @param activation {@code non_linearity}
 * @param scale of the correction
 * @param dropout of the correction
 * @param startsAtZero {@code init_weights}: {@code mam_adapter}, up at 0, and not {@code bert},
 *     normal with deviation 0.02
 * @param leaveOut layers without one, from 0
 * @param isInvertible {@code inv_adapter: nice}
 * @param inverseReduction of the coupling's layers, against half the hidden width
 */
public record BottleneckAdapters(
        BottleneckKind kind,
        boolean afterAttention,
        boolean afterMlp,
        Bottleneck.Reads reads,
        double reductionFactor,
        int size,
        Unary activation,
        double scale,
        double dropout,
        boolean startsAtZero,
        List<Integer> leaveOut,
        boolean isInvertible,
        double inverseReduction)
        implements PeftConfig {
    /** {@code peft_type}. */
    public static final String TYPE = "BOTTLENECK";

    public BottleneckAdapters {
        leaveOut = List.copyOf(leaveOut);
        if (!(reductionFactor > 0) || !(inverseReduction > 0) || size < 0) {
            throw new IllegalArgumentException(
                    "bottleneck adapters: expected reductions above 0, got %s and %s"
                            .formatted(reductionFactor, inverseReduction));
        }
    }

    /** The usual arrangement of a kind. */
    public static BottleneckAdapters usual(BottleneckKind kind) {
        return new BottleneckAdapters(
                kind,
                kind == BottleneckKind.HOULSBY,
                true,
                kind.reads(),
                kind == BottleneckKind.PARALLEL ? 2 : 16,
                0,
                kind == BottleneckKind.HOULSBY ? Unary.SILU : Unary.RELU,
                kind == BottleneckKind.PARALLEL ? 4 : 1,
                0,
                kind == BottleneckKind.PARALLEL,
                List.of(),
                false,
                2);
    }

    /** Names of activations: {@code non_linearity}. */
    public static List<String> activationNames() {
        return BottleneckJson.activations();
    }

    /** The activation of a name. */
    public static Unary activation(String name) {
        return BottleneckJson.activation(name);
    }

    /** The usual name of an activation. */
    public static String activationName(Unary activation) {
        return BottleneckJson.name(activation);
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        var modules = model.modules();
        return Attached.make(
                this,
                model,
                all -> {
                    int attention = 0;
                    int mlp = 0;
                    for (var e : modules.entrySet()) {
                        if (isAttention(e.getValue())) {
                            attach(all, e, afterAttention, attention, 2L * attention, seed);
                            attention++;
                        } else if (isMlp(e.getValue())) {
                            attach(all, e, afterMlp, mlp, 2L * mlp + 1, seed);
                            mlp++;
                        }
                    }
                    if (isInvertible) {
                        couple(all, modules, Philox.derive(seed, -1));
                    }
                    if (all.parameters().isEmpty()) {
                        throw new RequestException(
                                "bottleneck adapters: every one of "
                                        + mlp
                                        + " layers is left out; leave fewer out");
                    }
                });
    }

    private static boolean isAttention(Module m) {
        return m instanceof SelfAttention || m instanceof FusedSelfAttention;
    }

    private static boolean isMlp(Module m) {
        return m instanceof GatedMlp || m instanceof Mlp;
    }

    private void attach(
            Attached all,
            Map.Entry<String, Module> place,
            boolean wanted,
            int layer,
            long site,
            long seed) {
        if (!wanted || leaveOut.contains(layer)) {
            return;
        }
        CausalLM model = all.model();
        int hidden = model.parts().embedding().weight().shape().dim(1);
        Init down = startsAtZero ? Init.uniform(1 / Math.sqrt(hidden)) : Init.normal(0.02);
        Init up = startsAtZero ? Init.zeros() : Init.normal(0.02);
        var two = TwoLayers.declare(hidden, width(hidden), hidden, activation, down, up);
        all.add(place.getKey(), place.getValue(), new Bottleneck(two, reads, scale, dropout, site));
        name(place.getKey(), two.named("adapter_down", "adapter_up"));
        two.initialize(model.device(), model.dtype().wide(), Philox.derive(seed, site));
    }

    /** Of the bottleneck. */
    private int width(int hidden) {
        return size > 0 ? size : Math.max(1, (int) (hidden / reductionFactor));
    }

    /** The same coupling on both sides; one key for both. */
    private void couple(Attached all, SequencedMap<String, Module> modules, long seed) {
        CausalLM model = all.model();
        Embedding table = model.parts().embedding();
        int hidden = table.weight().shape().dim(1);
        int first = hidden / 2;
        int second = hidden - first;
        var coupling = new Coupling(half(second, first), half(first, second));
        String path =
                modules.entrySet().stream()
                        .filter(e -> e.getValue() == model.parts().embedding())
                        .findFirst()
                        .orElseThrow()
                        .getKey();
        all.add(path, table, new Invertible(coupling, false));
        all.add(path, model.parts().norm(), new Invertible(coupling, true));
        name(path, coupling.parameters());
        coupling.f().initialize(model.device(), model.dtype().wide(), Philox.derive(seed, 0));
        coupling.g().initialize(model.device(), model.dtype().wide(), Philox.derive(seed, 1));
    }

    /** Full names: the optimizer keeps its state by them. */
    private static void name(String path, SequencedMap<String, Parameter> parameters) {
        parameters.forEach((key, p) -> p.rename(path + "." + key));
    }

    private TwoLayers half(int in, int out) {
        int inner = Math.max(1, (int) (in / inverseReduction));
        Init normal = Init.normal(0.02);
        return TwoLayers.declare(in, inner, out, activation, normal, normal);
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        return BottleneckJson.write(this, base);
    }
}
