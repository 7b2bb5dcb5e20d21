package org.lugha.models.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lugha.models.RequestException;
import org.lugha.models.energy.EnergySettings;
import org.lugha.models.settings.RunConfig.Decay;
import org.lugha.models.settings.RunConfig.Optimization;
import tools.jackson.databind.JsonNode;

/** From the tree of a RUN.yaml to a {@link RunConfig}: defaults, types, ranges, what is refused. */
final class RunParser {
    private final Section root;
    private final String source;

    /** {@code source} names the tree in messages. */
    RunParser(JsonNode tree, String source) {
        this.source = source;
        this.root =
                Section.root(
                        tree,
                        source,
                        "model",
                        "tokenizer",
                        "task",
                        "method",
                        "data",
                        "optimizer",
                        "schedule",
                        "steps",
                        "epochs",
                        "batch",
                        "precision",
                        "gradient_checkpointing",
                        "device",
                        "threads",
                        "seed",
                        "evaluate",
                        "checkpoint",
                        "output",
                        "energy");
    }

    RunConfig parse() {
        refuseLater();
        Section model = root.section("model", "path", "config");
        Optional<Path> path = model.file("path");
        Optional<Path> config = model.file("config");
        if (path.isPresent() == config.isPresent()) {
            throw new RequestException(
                    source
                            + ": model needs either path: FOLDER (a checkpoint) or config: FILE"
                            + " (random weights)");
        }
        Method method = MethodParser.read(root);
        Section batch = root.section("batch", "sequences", "accumulate");
        int steps = root.integer("steps", 0, 1);
        double epochs = root.number("epochs", 0, 1e-9, 1e9);
        if ((steps == 0) == (epochs == 0)) {
            throw new RequestException(
                    source + ": needs steps or epochs, one of them, for example steps: 500");
        }
        return new RunConfig(
                path,
                config,
                root.section("tokenizer", "path").file("path").or(() -> path),
                method,
                new DataSection(root).read(),
                optimizer(),
                schedule(),
                steps,
                epochs,
                batch.integer("sequences", 8, 1),
                batch.integer("accumulate", 1, 1),
                Precision.of(root.choice("precision", "f32", List.of("f32", "bf16"))),
                root.flag("gradient_checkpointing", false),
                root.string("device", "auto"),
                threads(),
                root.longer("seed", 1),
                EvaluateSection.read(root),
                checkpoint(),
                energy(),
                root.requiredFile("output", "runs/first"),
                root.resolved());
    }

    private void refuseLater() {
        String task = root.choice("task", "causal", List.of("causal", "masked", "seq2seq"));
        root.refuse("task", !task.equals("causal"), "use task: causal");
    }

    private Optimization optimizer() {
        Section o =
                root.section(
                        "optimizer",
                        "type",
                        "lr",
                        "betas",
                        "eps",
                        "weight_decay",
                        "decay_all",
                        "clip_grad_norm",
                        "lora_plus_ratio",
                        "lora_plus_embedding_lr");
        String type = o.choice("type", "adamw", List.of("adamw", "adamw8bit"));
        double[] betas = o.numbers("betas", 0.9, 0.999);
        if (betas.length != 2 || !isBeta(betas[0]) || !isBeta(betas[1])) {
            throw o.wrong(
                    "betas",
                    "two numbers from 0 to below 1, such as [0.9, 0.999]",
                    o.raw("betas").toString());
        }
        return new Optimization(
                o.number("lr", 2e-4, 0, 100),
                betas[0],
                betas[1],
                o.number("eps", 1e-8, 1e-30, 1),
                o.number("weight_decay", 0, 0, 10),
                o.flag("decay_all", false),
                o.number("clip_grad_norm", 1, 0, 1e9),
                new RunConfig.LoraPlus(
                        o.number("lora_plus_ratio", 1, 1e-6, 1e6),
                        o.number("lora_plus_embedding_lr", 1e-6, 0, 100)),
                type.equals("adamw8bit"));
    }

    private static boolean isBeta(double b) {
        return b >= 0 && b < 1;
    }

    private Decay schedule() {
        Section s = root.section("schedule", "type", "warmup_steps", "min_lr_ratio");
        return new Decay(
                s.choice("type", "cosine", List.of("constant", "linear", "cosine")),
                s.integer("warmup_steps", 0, 0),
                s.number("min_lr_ratio", 0.1, 0, 1));
    }

    private RunConfig.Keep checkpoint() {
        Section c = root.section("checkpoint", "every", "keep");
        return new RunConfig.Keep(c.integer("every", 0, 1), c.integer("keep", 2, 1));
    }

    private EnergySettings energy() {
        Section e = root.section("energy", "grid_gco2_per_kwh", "watts");
        double grams =
                e.number("grid_gco2_per_kwh", EnergySettings.DEFAULT.gridGramsPerKwh(), 0, 1e6);
        if (!e.has("watts") || e.isText("watts")) {
            e.choice("watts", "auto", List.of("auto"));
            return new EnergySettings(grams, OptionalDouble.empty());
        }
        return new EnergySettings(grams, OptionalDouble.of(e.number("watts", 0, 1e-3, 1e6)));
    }

    private int threads() {
        boolean auto = !root.has("threads") || root.isText("threads");
        if (auto) {
            root.choice("threads", "auto", List.of("auto"));
        }
        return auto ? 0 : root.integer("threads", 0, 1);
    }
}
