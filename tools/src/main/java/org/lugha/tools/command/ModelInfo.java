package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.Quantization;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.train.ModelParts;
import org.lugha.models.train.TrainingNeeds;
import org.lugha.runtime.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha model info --model DIR}. */
@Command(
        name = "info",
        description = "Parameters, types, and the memory that training takes.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha model info --model base --seq 512"})
public final class ModelInfo implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = {"--model", "--config"},
            required = true,
            paramLabel = "DIR",
            description = "A checkpoint; a config.json alone will do.")
    private Path model;

    @Option(
            names = "--method",
            description = "Memory for this one alone: full, lora or another that is listed.")
    private String method;

    @Option(
            names = "--rank",
            defaultValue = "16",
            paramLabel = "R",
            description = "Of LoRA (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "NAME",
            description = "LoRA's layers, such as q_proj,v_proj (default: every linear layer).")
    private List<String> targets;

    @Option(
            names = "--batch",
            defaultValue = "1",
            paramLabel = "B",
            description = "Rows of a micro-batch (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--seq",
            paramLabel = "T",
            description = "Tokens a row (default: 512, or what the model was made for if less).")
    private Integer seq;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Generate.requireRange("--rank", rank, 1, 1 << 16);
        Generate.requireRange("--batch", batch, 1, 1 << 20);
        Path file = Files.isDirectory(model) ? model.resolve("config.json") : model;
        ConfigJson config = ConfigJson.read(file);
        try (CausalLM lm = CausalLM.declare(config)) {
            int length = seq == null ? Math.min(512, lm.config().maxPositions()) : seq;
            Generate.requireRange("--seq", length, 1, 1 << 24);
            ObjectNode all = describe(lm, config, length);
            if (json) {
                spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(all));
            } else {
                new ModelInfoText(all).lines().forEach(spec.commandLine().getOut()::println);
            }
        }
        return 0;
    }

    private ObjectNode describe(CausalLM lm, ConfigJson config, int length) {
        SequencedMap<String, Integer> linear = ModelParts.targets(lm);
        List<String> names = targets == null ? new ArrayList<>(linear.keySet()) : targets;
        for (String name : names) {
            if (!linear.containsKey(name)) {
                throw new RequestException(
                        "--targets: the model has no linear layer %s; it has %s"
                                .formatted(name, String.join(", ", linear.keySet())));
            }
        }
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("model_type", lm.config().modelType());
        o.put("parameters", lm.size());
        ObjectNode parts = o.putObject("parts");
        ModelParts.sizes(lm).forEach(parts::put);
        o.put("tied", lm.config().isTied());
        o.put("vocabulary", lm.vocabularySize());
        o.put("max_positions", lm.config().maxPositions());
        Quantization.of(config).ifPresent(q -> o.put("quantization", q.toString()));
        files(o);
        long perRank = ModelParts.loraPerRank(lm, names);
        ObjectNode lora = o.putObject("lora");
        names.forEach(lora.putArray("targets")::add);
        lora.put("rank", rank);
        lora.put("parameters_per_rank", perRank);
        lora.put("parameters", perRank * rank);
        lora.put("share", (double) perRank * rank / lm.size());
        ObjectNode memory = o.putObject("memory");
        memory.put("batch", batch);
        memory.put("seq", length);
        var methods = memory.putArray("methods");
        for (var n : TrainingNeeds.of(Devices.best(), config, rank, names, batch, length)) {
            if (method == null || (n.method() + " ").startsWith(method + " ")) {
                methods.add(method(n));
            }
        }
        if (methods.isEmpty()) {
            throw new RequestException(
                    "--method: must be one that is listed without it, such as"
                            + " full or lora, got "
                            + method);
        }
        var can = o.putArray("supported");
        for (String s :
                List.of("train full", "train lora", "score", "generate", "adapter on top")) {
            can.add(s);
        }
        return o;
    }

    private static ObjectNode method(TrainingNeeds n) {
        ObjectNode m = JsonMapper.shared().createObjectNode();
        m.put("method", n.method());
        m.put("gradient_checkpointing", n.recompute());
        m.put("weights", n.plan().weights());
        m.put("gradients", n.plan().gradients());
        m.put("optimizer", n.plan().optimizer());
        m.put("activations", n.plan().forward() + n.plan().backward());
        m.put("peak", n.plan().peak());
        return m;
    }

    /** Types and bytes of the weights, where there are some beside the configuration. */
    private void files(ObjectNode o) {
        ObjectNode types = o.putObject("types");
        boolean weights =
                Files.exists(model.resolve(Checkpoint.SINGLE))
                        || Files.exists(model.resolve(Checkpoint.INDEX));
        if (weights) {
            try (Checkpoint files = Checkpoint.open(model)) {
                TreeMap<String, Long> counts = new TreeMap<>();
                files.entries()
                        .values()
                        .forEach(e -> counts.merge(type(e.dtype().name()), e.count(), Long::sum));
                counts.forEach(types::put);
                o.put("bytes", files.bytes());
            }
        }
    }

    private static String type(String dtype) {
        return dtype.toLowerCase(Locale.ROOT);
    }
}
