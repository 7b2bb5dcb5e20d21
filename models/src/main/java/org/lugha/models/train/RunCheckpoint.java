package org.lugha.models.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lugha.autograd.Parameter;
import org.lugha.models.ModelFiles;
import org.lugha.models.checkpoint.CheckpointException;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.PeftFiles;
import org.lugha.optim.AdamW;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder {@code checkpoint-N}, complete or absent: {@code trained.safetensors} with every trained
 * tensor in its own type, {@code optimizer.safetensors}, {@code state.json}, and for an adapter
 * {@code adapter/} as PEFT has it, so that each is of use by itself.
 */
record RunCheckpoint(Path folder) {
    private static final String TRAINED = "trained.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";

    /** The one after a step. */
    static RunCheckpoint in(Path output, int step) {
        return new RunCheckpoint(output.resolve("checkpoint-" + step));
    }

    /** The number in its name. */
    int step() {
        return Integer.parseInt(folder.getFileName().toString().substring("checkpoint-".length()));
    }

    void write(
            RunState state,
            List<Parameter> trained,
            AdamW adam,
            Optional<Attached> adapter,
            String base) {
        try (Staged staged = Staged.replacing(folder)) {
            Map<String, Source> values = new TreeMap<>();
            trained.forEach(p -> values.put(p.name(), ModelFiles.source(p.value())));
            SafeTensors.write(staged.path().resolve(TRAINED), values);
            Map<String, Source> moments = new TreeMap<>();
            adam.state().forEach((name, t) -> moments.put(name, ModelFiles.source(t)));
            SafeTensors.write(
                    staged.path().resolve(OPTIMIZER), moments, Map.of("step", "" + adam.step()));
            if (adapter.isPresent()) {
                Path own = staged.path().resolve("adapter");
                Files.createDirectory(own);
                PeftFiles.writeInto(adapter.get(), own, base);
            }
            Staged.write(staged.path().resolve(STATE), ModelFiles.json(state.json()) + "\n");
            staged.commit();
        } catch (IOException e) {
            throw new CheckpointException("cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    RunState state() {
        try {
            return RunState.of(JsonMapper.shared().readTree(folder.resolve(STATE).toFile()));
        } catch (JacksonException | NullPointerException e) {
            throw new CheckpointException(
                    folder.resolve(STATE)
                            + ": is damaged; delete this checkpoint to go on from the one before",
                    e);
        }
    }

    /** Weights and optimizer as they were. */
    void restore(List<Parameter> trained, AdamW adam) {
        values(trained);
        try (SafeTensors file = SafeTensors.open(folder.resolve(OPTIMIZER));
                var _ = Scope.open("resume")) {
            Map<String, Tensor> state = new LinkedHashMap<>();
            file.entries().forEach((name, e) -> state.put(name, wrap(e)));
            adam.restore(Long.parseLong(file.metadata().getOrDefault("step", "0")), state);
        } catch (IllegalArgumentException e) {
            throw unfit(e.getMessage(), e);
        }
    }

    /** The weights alone. */
    void values(List<Parameter> trained) {
        try (SafeTensors file = SafeTensors.open(folder.resolve(TRAINED))) {
            TreeSet<String> wrong = new TreeSet<>(file.entries().keySet());
            for (Parameter p : trained) {
                Entry e = file.entries().get(p.name());
                if (e == null || !wrong.remove(p.name()) || !fits(e, p.value())) {
                    throw unfit(p.name() + " " + p.shape() + " is not there as it is needed", null);
                }
            }
            if (!wrong.isEmpty()) {
                throw unfit("it has " + wrong.first() + ", which is not trained", null);
            }
            for (Parameter p : trained) {
                Tensor v = p.value();
                v.device().memory().write(file.entries().get(p.name()).data(), v.memory());
            }
        }
    }

    private CheckpointException unfit(String why, Exception cause) {
        return new CheckpointException(
                "cannot go on from "
                        + folder
                        + ": "
                        + why
                        + "; the run must have the model and method that it began with",
                cause);
    }

    private static boolean fits(Entry e, Tensor t) {
        return e.dtype().name().equals(t.dtype().name()) && shape(e).equals(t.shape());
    }

    private static Shape shape(Entry e) {
        int[] dims = new int[e.shape().length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Math.toIntExact(e.shape()[i]);
        }
        return Shape.of(dims);
    }

    private static Tensor wrap(Entry e) {
        Device host = Devices.get("cpu");
        DType dtype = DType.valueOf(e.dtype().name());
        return Tensor.wrap(host, dtype, shape(e), e.data(), e.name());
    }
}
