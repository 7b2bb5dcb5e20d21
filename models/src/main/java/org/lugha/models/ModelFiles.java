package org.lugha.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.lugha.autograd.Parameter;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.Mapping;
import org.lugha.models.checkpoint.Slot;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.nn.Linear;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.ObjectNode;

/** A model's folder in Hugging Face's format, and parameters to and from tensors of files. */
public final class ModelFiles {
    static final String CONFIG = "config.json";

    /** Above this weights are written in shards: a size that file stores and networks take. */
    static final long SHARD_BYTES = 5_000_000_000L;

    private static final int MOST_LISTED = 1000;
    private static final int LONGEST = 300;

    private ModelFiles() {}

    static ConfigJson config(Path path) {
        return ConfigJson.read(Files.isDirectory(path) ? path.resolve(CONFIG) : path);
    }

    /**
     * As {@link CausalLM#load(Path, Device, DType, Access)}.
     *
     * @param q null: weights are held as the files have them
     */
    static CausalLM load(Path folder, Device device, DType dtype, Access access, Quantization q) {
        if (!Files.isDirectory(folder)) {
            throw new RequestException(
                    "load "
                            + folder
                            + ": expected a folder with config.json and model.safetensors, there"
                            + " is none");
        }
        ConfigJson config = config(folder);
        ModelFamily.of(config); // before anything large is opened
        Mapping mapping = access == Access.TRAINED_MAPPED ? Mapping.PRIVATE : Mapping.READ_ONLY;
        Checkpoint files = Checkpoint.open(folder, mapping);
        CausalLM model = null;
        try {
            model = declare(config, files);
            var binding = new WeightBinding(model, files, device, dtype).match();
            if (binding.isQuantized() && access != Access.FROZEN) {
                throw new RequestException(
                        "load "
                                + folder
                                + ": its weights are quantised and cannot be trained; train an"
                                + " adapter (method.type: qlora), or load the checkpoint it was"
                                + " made from");
            }
            binding.bind(access != Access.TRAINED, q);
            Path generation = folder.resolve("generation_config.json");
            if (Files.isRegularFile(generation)) {
                List<Integer> ids = ConfigJson.read(generation).ids("eos_token_id");
                model.endsWith(ids.isEmpty() ? model.endIds() : ids);
            }
            if (binding.keepsFiles()) {
                model.holds(files);
            } else {
                files.close();
            }
            return model;
        } catch (RuntimeException | Error e) {
            if (model != null) {
                model.close();
            }
            files.close();
            throw e;
        }
    }

    /**
     * The type in which a folder's weights may be held so that what is computed is what F32 gives,
     * but for the order of sums: BF16 or F16 where all of them are stored so, else F32. Of a
     * quantised folder what is not quantised: {@link QuantizedModel#restOf}.
     */
    public static DType heldType(Path folder) {
        DType rest = QuantizedModel.restOf(folder);
        if (rest != DType.F32) {
            return rest;
        }
        if (!Files.isDirectory(folder)
                || CausalLM.declare(config(folder)).config().roundsToWeights()) {
            return DType.F32;
        }
        try (Checkpoint files = Checkpoint.open(folder)) {
            Set<Dtype> types = new HashSet<>();
            files.entries().values().forEach(e -> types.add(e.dtype()));
            boolean isNarrow = types.equals(Set.of(Dtype.BF16)) || types.equals(Set.of(Dtype.F16));
            return isNarrow ? type(types.iterator().next()) : DType.F32;
        }
    }

    /**
     * Tied by its configuration but with two different tables in its files: two tables it is, as
     * transformers decides.
     */
    static CausalLM declare(ConfigJson config, Checkpoint files) {
        CausalLM model = CausalLM.declare(config);
        Entry head = files.entries().get("lm_head.weight");
        if (!model.config().isTied() || head == null) {
            return model;
        }
        model.named(); // gives parameters their full names
        String table = model.parts().embedding().weight().name();
        String bare = table.substring(model.parts().bodyName().length() + 1);
        boolean same =
                files.find(table)
                        .or(() -> files.find(bare))
                        .map(e -> e.data().mismatch(head.data()) < 0)
                        .orElse(true);
        if (same) {
            return model;
        }
        ObjectNode changed = config.root().deepCopy();
        changed.put("tie_word_embeddings", false);
        return CausalLM.declare(new ConfigJson(config.source(), changed));
    }

    static void save(CausalLM model, Path folder, long maxShardBytes) {
        try (Staged staged = Staged.folder(folder)) {
            write(model, staged.path(), maxShardBytes);
            staged.commit();
        }
    }

    static void write(CausalLM model, Path folder, long maxShardBytes) {
        Map<String, Source> tensors = new TreeMap<>();
        model.named().forEach((name, p) -> tensors.putAll(sources(name, p, model.dtype())));
        ObjectNode config = savedConfig(model);
        QuantizedModel.of(model).ifPresent(q -> config.set("quantization_config", q.toJson()));
        write(config, tensors, folder, maxShardBytes);
    }

    /** A parameter under its name, or what stands for it where it is quantised. */
    private static Map<String, Source> sources(String name, Parameter p, DType dtype) {
        return p.quantized()
                .<Map<String, Source>>map(w -> QuantizedSources.of(name, w, dtype))
                .orElseGet(() -> Map.of(name, source(p.value())));
    }

    /**
     * A linear layer's weight as plain numbers, of the type and in the orientation that the model
     * declares; a quantised one is widened when its turn comes.
     */
    public static Source dense(Linear l, DType dtype) {
        if (l.quantized().isEmpty()) {
            return source(l.weight().value());
        }
        Slot slot = slot(dtype, l.weight().shape());
        return new Source(
                slot.dtype(),
                slot.shape(),
                out -> {
                    try (var _ = Scope.open("widen " + l.weight().name())) {
                        source(l.denseWeight().copy(dtype)).content().writeTo(out);
                    }
                });
    }

    /** Writes a configuration and weights into a folder that is there. */
    public static void write(ObjectNode config, Map<String, Source> tensors, Path folder) {
        write(config, tensors, folder, SHARD_BYTES);
    }

    private static void write(
            ObjectNode config, Map<String, Source> tensors, Path folder, long maxShardBytes) {
        Staged.write(folder.resolve(CONFIG), json(config) + "\n");
        Checkpoint.write(folder, tensors, maxShardBytes);
    }

    /** The configuration as it was read, brought up to what plain weights are now. */
    public static ObjectNode savedConfig(CausalLM model) {
        return savedConfig(model, model.dtype());
    }

    /** As {@link #savedConfig(CausalLM)} of a model whose weights are written in this type. */
    static ObjectNode savedConfig(CausalLM model, DType dtype) {
        ObjectNode j = model.configJson();
        ObjectNode own = model.config().toJson();
        own.forEachEntry((key, value) -> {
            boolean respelled = key.startsWith("rope_") && j.has("rope_parameters");
            if (!j.has(key) && !respelled) {
                j.set(key, value);
            }
        });
        j.remove("dtype");
        j.remove("quantization_config");
        j.put("torch_dtype", torchName(dtype));
        return j;
    }

    /** A list of problems for a message; a hostile file may have millions, which nobody reads. */
    public static String listed(List<String> problems) {
        int more = problems.size() - MOST_LISTED;
        return problems.stream()
                        .limit(MOST_LISTED)
                        .map(ModelFiles::brief)
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static String brief(String problem) {
        return problem.length() > LONGEST ? problem.substring(0, LONGEST) + "..." : problem;
    }

    /** Indented. */
    public static String json(ObjectNode node) {
        return node.toPrettyString();
    }

    /** A tensor as something to write, wherever it lies. */
    public static Source source(Tensor t) {
        Slot slot = slot(t.dtype(), t.shape());
        return Source.of(slot.dtype(), slot.shape(), hostMemory(t));
    }

    /** What a tensor is in a file. */
    static Slot slot(DType dtype, Shape s) {
        long[] shape = new long[s.rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = s.dim(i);
        }
        return new Slot(safetensors(dtype).type(), shape);
    }

    /** A tensor's bytes where a file can be written from. */
    static MemorySegment hostMemory(Tensor t) {
        if (t.device().isHost()) {
            return t.memory();
        }
        MemorySegment host = Arena.ofAuto().allocate(t.count() * t.dtype().bytes(), 64);
        t.device().memory().read(t.memory(), host);
        return host;
    }

    /** As PyTorch calls this type. */
    static String torchName(DType t) {
        return safetensors(t).torch();
    }

    /** Whether a file's tensor holds weights of this shape. */
    public static boolean fits(Entry e, Shape shape) {
        boolean same = e.shape().length == shape.rank() && type(e.dtype()) != null;
        for (int i = 0; same && i < shape.rank(); i++) {
            same = e.shape()[i] == shape.dim(i);
        }
        return same;
    }

    /** Whether a file's tensor has the numbers of a parameter, in the parameter's type. */
    public static boolean holds(Entry e, Parameter p) {
        Tensor own = p.value();
        Tensor other = copy(e, p.shape(), Devices.get("cpu"), own.dtype());
        Tensor host = own.device().isHost() ? own : own.to(other.device());
        return other.memory().mismatch(host.memory()) < 0;
    }

    /** Overwrites a bound parameter with a file's tensor, in the parameter's own type. */
    public static void fill(Parameter p, Entry e) {
        try (var _ = Scope.open("load " + e.name())) {
            Tensor value = p.value();
            p.bind(copy(e, p.shape(), value.device(), value.dtype()));
        }
    }

    /** A copy of a file's tensor on a device, of another type if asked. */
    static Tensor copy(Entry e, Shape shape, Device device, DType dtype) {
        Tensor t = wrap(e, shape, device);
        if (t.dtype() != dtype) {
            return t.copy(dtype).to(device);
        }
        return device.isHost() ? t.copy(dtype) : t.to(device);
    }

    /** A file's tensor as it lies, on the device or on the host beside it. */
    static Tensor wrap(Entry e, Shape shape, Device device) {
        Device host = device.isHost() ? device : Devices.get("cpu");
        return Tensor.wrap(host, type(e.dtype()), shape, e.data(), e.name());
    }

    /** Null for a type that holds no weights. */
    static DType type(Dtype d) {
        return switch (d) {
            case F32 -> DType.F32;
            case F64 -> DType.F64;
            case BF16 -> DType.BF16;
            case F16 -> DType.F16;
            default -> null;
        };
    }

    private record Stored(Dtype type, String torch) {}

    private static Stored safetensors(DType t) {
        return switch (t) {
            case F32 -> new Stored(Dtype.F32, "float32");
            case F64 -> new Stored(Dtype.F64, "float64");
            case BF16 -> new Stored(Dtype.BF16, "bfloat16");
            case F16 -> new Stored(Dtype.F16, "float16");
            case I32 -> new Stored(Dtype.I32, "int32");
            case U8 -> new Stored(Dtype.U8, "uint8");
        };
    }
}
