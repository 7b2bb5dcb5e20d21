package org.lugha.models;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lugha.autograd.Parameter;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.Mapping;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
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

    private ModelFiles() {}

    static ConfigJson config(Path path) {
        return ConfigJson.read(Files.isDirectory(path) ? path.resolve(CONFIG) : path);
    }

    static CausalLM load(Path folder, Device device, DType dtype, Access access) {
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
            var binding = new WeightBinding(model, files, device, dtype);
            binding.bind(access != Access.TRAINED);
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
     * Tied by its configuration but with two different tables in its files: two tables it is, as
     * transformers decides.
     */
    private static CausalLM declare(ConfigJson config, Checkpoint files) {
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
        model.named().forEach((name, p) -> tensors.put(name, source(p.value())));
        write(savedConfig(model), tensors, folder, maxShardBytes);
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

    /** The configuration as it was read, brought up to what the weights are now. */
    public static ObjectNode savedConfig(CausalLM model) {
        ObjectNode j = model.configJson();
        ObjectNode own = model.config().toJson();
        own.forEachEntry((key, value) -> {
            boolean respelled = key.startsWith("rope_") && j.has("rope_parameters");
            if (!j.has(key) && !respelled) {
                j.set(key, value);
            }
        });
        j.remove("dtype");
        j.put("torch_dtype", safetensors(model.dtype()).torch());
        return j;
    }

    /** A list of problems for a message; a hostile file may have millions, which nobody reads. */
    public static String listed(List<String> problems) {
        int more = problems.size() - MOST_LISTED;
        return String.join(", ", problems.subList(0, Math.min(MOST_LISTED, problems.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    /** Indented. */
    public static String json(ObjectNode node) {
        return node.toPrettyString();
    }

    /** A tensor as something to write, wherever it lies. */
    public static Source source(Tensor t) {
        long[] shape = new long[t.shape().rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = t.dim(i);
        }
        Stored type = safetensors(t.dtype());
        if (t.device().isHost()) {
            return Source.of(type.type(), shape, t.memory());
        }
        MemorySegment host = Arena.ofAuto().allocate(t.count() * t.dtype().bytes(), 64);
        t.device().memory().read(t.memory(), host);
        return Source.of(type.type(), shape, host);
    }

    /** Whether a file's tensor holds weights of this shape. */
    public static boolean fits(Entry e, Shape shape) {
        boolean same = e.shape().length == shape.rank() && type(e.dtype()) != null;
        for (int i = 0; same && i < shape.rank(); i++) {
            same = e.shape()[i] == shape.dim(i);
        }
        return same;
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
    private static DType type(Dtype d) {
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
