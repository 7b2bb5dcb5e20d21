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
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** Gives a model's parameters the values of a checkpoint, or says all that does not fit. */
final class WeightBinding {
    private final CausalLM model;
    private final Checkpoint files;
    private final Device device;
    private final DType dtype;
    private boolean keepsFiles;

    WeightBinding(CausalLM model, Checkpoint files, Device device, DType dtype) {
        this.model = model;
        this.files = files;
        this.device = device;
        this.dtype = dtype;
    }

    /** Whether a parameter lies in the files, so that they must stay open. */
    boolean keepsFiles() {
        return keepsFiles;
    }

    /** Binds every parameter; in the file's own memory where it may and can be. */
    void bind(boolean inPlace) {
        Map<Parameter, Entry> found = match();
        try (var _ = Scope.open("load " + files.path())) {
            found.forEach((p, e) -> {
                try (var _ = Scope.open("load " + e.name())) {
                    p.bind(tensor(e, p.shape(), inPlace));
                }
            });
        }
    }

    private Map<Parameter, Entry> match() {
        SequencedMap<String, Parameter> named = model.named();
        SequencedMap<String, String> aliases = model.aliases();
        Map<Parameter, Entry> found = new LinkedHashMap<>();
        List<String> unexpected = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        for (Entry e : files.entries().values()) {
            Parameter p = find(model, e.name(), named, aliases);
            if (p == null) {
                if (!isComputed(e)) {
                    unexpected.add(e.name());
                }
            } else if (!ModelFiles.fits(e, p.shape())) {
                misshaped.add(e + " (config.json asks for " + p.shape() + ")");
                found.put(p, e);
            } else {
                found.putIfAbsent(p, e);
            }
        }
        List<String> missing = new ArrayList<>();
        named.forEach((name, p) -> {
            if (!found.containsKey(p)) {
                missing.add(name);
            }
        });
        require(missing, unexpected, misshaped);
        return found;
    }

    /** Tables that older programs saved with the weights and that every reader computes anew. */
    private static boolean isComputed(Entry e) {
        return e.name().endsWith(".rotary_emb.inv_freq")
                || (e.name().endsWith(".attn.bias") && e.shape().length == 4) // a causal mask
                || (e.name().endsWith(".attn.masked_bias") && e.count() == 1);
    }

    private void require(List<String> missing, List<String> unexpected, List<String> misshaped) {
        if (missing.isEmpty() && unexpected.isEmpty() && misshaped.isEmpty()) {
            return;
        }
        throw new RequestException(
                "load "
                        + files.path()
                        + ": the tensors do not fit config.json"
                        + list("; missing: ", missing)
                        + list("; unexpected: ", unexpected)
                        + list("; of another shape or type: ", misshaped)
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
        return ModelFiles.copy(e, shape, device, dtype);
    }
}
