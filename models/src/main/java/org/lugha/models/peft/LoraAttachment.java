package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.layers.TrainedCopy;
import org.lugha.models.layers.WeightAdapter;
import org.lugha.nn.Adapter;
import org.lugha.nn.Embedding;
import org.lugha.nn.Init;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.RmsNorm;
import org.lugha.runtime.DType;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** Attaches what a {@link Lora} consists of to the modules that it means. */
final class LoraAttachment {
    private final Lora lora;
    private final CausalLM model;
    private final LoraModules modules;
    private final SequencedMap<String, Module> adapted;

    LoraAttachment(Lora lora, CausalLM model) {
        this.lora = lora;
        this.model = model;
        modules = new LoraModules(lora, model);
        adapted = modules.adapted();
    }

    /** Makes the adapter of one layer from that of a plain LoRA. */
    interface Making {
        Adapter of(LoraLayer layer);
    }

    Attached attach(long seed) {
        return attach(lora, layer -> layer, seed);
    }

    /** As a method that is LoRA with layers of its own. */
    Attached attach(PeftConfig method, Making making, long seed) {
        SequencedMap<String, Module> copies = modules.copied();
        SequencedMap<String, List<Integer>> tables = modules.tables();
        return Attached.make(
                method,
                model,
                all -> {
                    biases(all, copies);
                    long site = 0;
                    for (Map.Entry<String, Module> e : adapted.entrySet()) {
                        long own = Philox.derive(seed, site);
                        switch (e.getValue()) {
                            case Linear l -> linear(all, e.getKey(), l, making, site, own);
                            case Embedding t -> embedding(all, e.getKey(), t, own);
                            default -> throw new IllegalStateException(e.getKey());
                        }
                        site++;
                    }
                    Map<Parameter, Parameter> shared = new LinkedHashMap<>();
                    copies.forEach((path, m) -> copy(all, path, m, shared));
                    tables.forEach((path, ids) -> tokens(all, path, ids));
                });
    }

    private void linear(Attached all, String path, Linear l, Making making, long site, long seed) {
        int rank = lora.rank(path);
        LoraStart start = lora.options().start();
        DType t = trainedType();
        Parameter a =
                bound(
                        all,
                        path + ".lora_A.weight",
                        () -> start.a(model.device(), t, Shape.of(rank, l.in()), seed));
        Parameter b =
                bound(
                        all,
                        path + ".lora_B.weight",
                        () -> start.b(model.device(), t, Shape.of(l.out(), rank), seed));
        Parameter bias =
                lora.options().outputBias()
                        ? bound(
                                all,
                                path + ".lora_B.bias",
                                () -> Tensor.zeros(model.device(), t, Shape.of(l.out())))
                        : null;
        var layer = new LoraLayer(a, b, bias, lora.scale(path), lora.dropout(), site);
        Adapter adapter =
                lora.options().dora()
                        ? dora(all, path, l, layer)
                        : start == LoraStart.PISSA
                                ? PissaLayer.of(all, layer, l)
                                : making.of(layer);
        boolean output = l == model.parts().head();
        if (output && (!(adapter instanceof WeightAdapter) || lora.dropout() > 0)) {
            throw new RequestException(
                    "LoRA: "
                            + path
                            + " goes into one op with the loss and takes neither DoRA nor DyLoRA"
                            + " nor dropout; leave "
                            + path
                            + " out of the targets");
        }
        all.add(path, l, adapter);
    }

    private DoraLayer dora(Attached all, String path, Linear l, LoraLayer layer) {
        Parameter bias = l.bias();
        for (var a : l.adapters()) {
            if (!(a instanceof BiasCopy copy)) {
                throw new RequestException(
                        "DoRA: "
                                + path
                                + " has another adapter that is active; merge that one first, or"
                                + " attach this one first");
            }
            bias = copy.bias();
        }
        double[] squares = model.device().computes() ? DoraLayer.squares(l) : new double[l.out()];
        Parameter m =
                bound(
                        all,
                        path + ".lora_magnitude_vector",
                        () ->
                                Tensor.generate(
                                        model.device(),
                                        trainedType(),
                                        Shape.of(l.out()),
                                        i -> Math.sqrt(squares[(int) i])));
        return new DoraLayer(l, bias, layer, m, squares);
    }

    private void embedding(Attached all, String path, Embedding table, long seed) {
        boolean tied = model.config().isTied() && lora.ensureWeightTying();
        if (lora.options().dora() || lora.options().outputBias() || tied) {
            throw new RequestException(
                    "LoRA: "
                            + path
                            + " is an embedding and takes neither DoRA nor lora_bias nor"
                            + " ensure_weight_tying; leave them out");
        }
        int rank = lora.rank(path);
        int rows = table.weight().shape().dim(0);
        int dim = table.weight().shape().dim(1);
        DType t = trainedType();
        Shape wide = Shape.of(dim, rank);
        Parameter a =
                bound(
                        all,
                        path + ".lora_embedding_A",
                        () -> Tensor.zeros(model.device(), t, Shape.of(rank, rows)));
        Parameter b =
                bound(
                        all,
                        path + ".lora_embedding_B",
                        () -> Init.normal(1).make(model.device(), t, wide, seed));
        all.add(path, table, new LoraEmbedding(a, b, lora.scale(path)));
    }

    private void biases(Attached all, Map<String, Module> copies) {
        if (lora.options().bias() == LoraOptions.Biases.NONE) {
            return;
        }
        model.modules()
                .forEach((path, m) -> {
                    Parameter own = BiasCopy.of(m);
                    boolean wrapped = adapted.containsKey(path);
                    boolean every = lora.options().bias() == LoraOptions.Biases.ALL;
                    if (own == null || copies.containsKey(path) || !(every || wrapped)) {
                        return;
                    }
                    if (!m.adapters().isEmpty()) {
                        throw new RequestException(
                                "LoRA: bias: another adapter of "
                                        + path
                                        + " is active, whose work a trained bias would hide; merge that"
                                        + " one first");
                    }
                    Parameter mine = declared(path + ".bias", own);
                    all.add(path, m, new BiasCopy(m, mine, wrapped ? "base_layer.bias" : "bias"));
                    try (var _ = Scope.open("copy " + path)) {
                        copy(own.value(), mine);
                    }
                });
    }

    private void tokens(Attached all, String path, List<Integer> ids) {
        Module m = model.modules().get(path);
        Parameter table = m instanceof Linear l ? l.weight() : ((Embedding) m).weight();
        String name = path + ".token_adapter.trainable_tokens_delta";
        Parameter rows =
                bound(
                        all,
                        name,
                        () -> {
                            Tensor index =
                                    Tensor.generate(
                                            model.device(),
                                            DType.I32,
                                            Shape.of(ids.size()),
                                            i -> ids.get((int) i));
                            Var picked = Var.of(table.value()).rows(index);
                            return picked.value().copy(trainedType());
                        });
        all.add(path, m, new TokenRows(rows, ids, true));
        if (model.config().isTied() && m == model.parts().embedding()) {
            Linear head = model.parts().head();
            all.add(modules.pathOf(head), head, new TokenRows(rows, ids, false));
        }
    }

    private void copy(Attached all, String path, Module m, Map<Parameter, Parameter> shared) {
        refuseSecondCopy(path, m);
        Parameter weight =
                switch (m) {
                    case Linear l -> l.weight();
                    case Embedding e -> e.weight();
                    case RmsNorm n -> n.weight();
                    case LayerNorm n -> n.weight();
                    default -> throw new IllegalStateException(path);
                };
        Parameter bias = BiasCopy.of(m);
        Parameter mine =
                lora.ensureWeightTying()
                        ? shared.computeIfAbsent(weight, w -> declared(path + ".weight", w))
                        : declared(path + ".weight", weight);
        Parameter myBias = bias == null ? null : declared(path + ".bias", bias);
        all.add(path, m, new TrainedCopy(m, mine, myBias));
        try (var _ = Scope.open("copy " + path)) {
            copy(m instanceof Linear l ? l.denseWeight() : weight.value(), mine);
            if (bias != null) {
                copy(bias.value(), myBias);
            }
        }
    }

    /** The later copy would hide the earlier one. */
    private static void refuseSecondCopy(String path, Module m) {
        if (m.adapters().stream().anyMatch(TrainedCopy.class::isInstance)) {
            throw new RequestException(
                    "LoRA: another adapter that is active has a copy of "
                            + path
                            + " too; deactivate that one, or merge it first");
        }
    }

    private static Parameter bound(Attached all, String name, Supplier<Tensor> values) {
        try (var _ = Scope.open("initialize " + name)) {
            return all.owning(Parameter.of(name, values.get()));
        }
    }

    private static Parameter declared(String name, Parameter like) {
        return new Parameter(name, like.shape(), Init.zeros());
    }

    private void copy(Tensor from, Parameter to) {
        if (!to.isBound()) { // else shared with another layer
            to.bind(from.copy(trainedType()));
        }
    }

    /** F32 beside a narrower model, so that small updates are not lost. */
    private DType trainedType() {
        return model.dtype().wide();
    }
}
