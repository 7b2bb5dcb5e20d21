package org.lugha.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.Entry;
import org.lugha.nn.Linear;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * Gives a model's parameters the values of a checkpoint, or says all that does not fit. Weights
 * that are to be quantised pass through one after the other: each is read, quantised and its pages
 * are given back before the next.
 */
final class WeightBinding {
    private final CausalLM model;
    private final Checkpoint files;
    private final Device device;
    private final DType dtype;
    private final QuantizedTensors few;
    private final Map<Parameter, Linear> linears = new LinkedHashMap<>();
    private final Map<Parameter, QuantizedEntries.Found> quantized = new LinkedHashMap<>();
    private Map<Parameter, Entry> found;
    private boolean keepsFiles;

    WeightBinding(CausalLM model, Checkpoint files, Device device, DType dtype) {
        this.model = model;
        this.files = files;
        this.device = device;
        this.dtype = dtype;
        this.few = new QuantizedTensors(device);
        model.modules()
                .values()
                .forEach(m -> {
                    if (m instanceof Linear l && l != model.parts().head()) {
                        linears.put(l.weight(), l);
                    }
                });
    }

    /** Whether a parameter lies in the files, so that they must stay open. */
    boolean keepsFiles() {
        return keepsFiles || few.keepsFiles();
    }

    /** Finds the tensor of every parameter; says all that is wrong with them. */
    WeightBinding match() {
        SequencedMap<String, Parameter> named = model.named();
        SequencedMap<String, String> aliases = model.aliases();
        var companions = new QuantizedEntries(files.entries());
        found = new LinkedHashMap<>();
        List<String> unexpected = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        List<Entry> codes = new ArrayList<>();
        for (Entry e : files.entries().values()) {
            if (companions.isCompanion(e)) {
                continue;
            }
            Parameter p = find(model, e.name(), named, aliases);
            if (p == null) {
                if (!isComputed(e)) {
                    unexpected.add(e.name());
                }
            } else if (QuantizedEntries.isCodes(e) && linears.containsKey(p)) {
                codes.add(e);
                found.put(p, e);
                quantized.put(p, companions.read(e, linears.get(p)));
            } else if (!ModelFiles.fits(e, p.shape())) {
                misshaped.add(e + " (config.json asks for " + p.shape() + ")");
                found.put(p, e);
            } else {
                found.putIfAbsent(p, e);
            }
        }
        unexpected.addAll(companions.orphans(codes));
        List<String> missing = new ArrayList<>();
        named.forEach((name, p) -> {
            if (!found.containsKey(p)) {
                missing.add(name);
            }
        });
        require(missing, unexpected, misshaped, companions.problems());
        return this;
    }

    /** The file's tensor of every parameter; codes for one that is quantised in the file. */
    Map<Parameter, Entry> found() {
        return found;
    }

    /** Whether the file holds any weight in few bits. */
    boolean isQuantized() {
        return !quantized.isEmpty();
    }

    /**
     * Binds every parameter; in the file's own memory where it may and can be.
     *
     * @param q null: weights are as the file has them
     */
    void bind(boolean inPlace, Quantization q) {
        Map<Parameter, Linear> layers = q == null ? Map.of() : QuantizedModel.layers(model, q);
        if (q != null) {
            requireSame(q);
        }
        try (var _ = Scope.open("load " + files.path())) {
            found.forEach((p, e) -> {
                try (var _ = Scope.open("load " + e.name())) {
                    if (quantized.containsKey(p)) {
                        Linear l = linears.get(p);
                        l.quantize(few.of(quantized.get(p), Shape.of(l.out(), l.in())));
                    } else if (layers.containsKey(p)) {
                        Tensor lying = ModelFiles.wrap(e, p.shape(), device);
                        Tensor here = device.isHost() ? lying : lying.to(device);
                        QuantizedModel.quantize(layers.get(p), q, here);
                        unload(e);
                    } else {
                        p.bind(tensor(e, p.shape(), inPlace));
                    }
                }
            });
        }
    }

    private void requireSame(Quantization q) {
        quantized.forEach((p, f) -> {
            boolean eight = f instanceof QuantizedEntries.Found.Int8;
            if (eight != (q.type() == Quantization.Type.INT8)) {
                throw new RequestException(
                        "load %s: %s is held in %s, %s was asked for; quantise the checkpoint it was made from, or ask for what it is"
                                .formatted(
                                        files.path(),
                                        p.name(),
                                        eight ? "int8" : "nf4",
                                        q.type().word()));
            }
        });
    }

    /** Gives back the pages of what was read once and is not needed any more. */
    static void unload(Entry e) {
        if (e.data().isMapped() && e.data().isReadOnly()) {
            e.data().unload();
        }
    }

    /** Tables that older programs saved with the weights and that every reader computes anew. */
    private static boolean isComputed(Entry e) {
        return e.name().endsWith(".rotary_emb.inv_freq")
                || (e.name().endsWith(".attn.bias") && e.shape().length == 4) // a causal mask
                || (e.name().endsWith(".attn.masked_bias") && e.count() == 1);
    }

    private void require(
            List<String> missing,
            List<String> unexpected,
            List<String> misshaped,
            List<String> damaged) {
        if (missing.isEmpty() && unexpected.isEmpty() && misshaped.isEmpty() && damaged.isEmpty()) {
            return;
        }
        throw new RequestException(
                "load "
                        + files.path()
                        + ": the tensors do not fit config.json"
                        + list("; missing: ", missing)
                        + list("; unexpected: ", unexpected)
                        + list("; of another shape or type: ", misshaped)
                        + list("; of quantised weights: ", damaged)
                        + "; is config.json the one of these weights?");
    }

    private static String list(String title, List<String> names) {
        return names.isEmpty() ? "" : title + ModelFiles.listed(names);
    }

    /** The parameter of a model that a tensor of this name holds. */
    static Optional<Parameter> parameter(CausalLM model, String key) {
        return Optional.ofNullable(find(model, key, model.named(), model.aliases()));
    }

    /** By its name, by its second name, or by its name without the body's: a bare decoder. */
    private static Parameter find(
            CausalLM model, String key, Map<String, Parameter> named, Map<String, String> aliases) {
        Parameter p = named.get(aliases.getOrDefault(key, key));
        return p != null ? p : named.get(model.parts().bodyName() + "." + key);
    }

    private Tensor tensor(Entry e, Shape shape, boolean inPlace) {
        if (inPlace && device.isHost() && e.data().address() % dtype.bytes() == 0) {
            Tensor t = ModelFiles.wrap(e, shape, device);
            if (t.dtype() == dtype) {
                keepsFiles = true;
                return t;
            }
        }
        Tensor copy = ModelFiles.copy(e, shape, device, dtype);
        unload(e);
        return copy;
    }
}
