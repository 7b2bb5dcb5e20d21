package org.lugha.models.train;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lugha.models.RequestException;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.train.RunConfig.Data;
import org.lugha.models.train.RunConfig.DataFile;
import org.lugha.models.train.RunConfig.Decay;
import org.lugha.models.train.RunConfig.Method;
import org.lugha.models.train.RunConfig.Optimization;
import tools.jackson.databind.JsonNode;

/** From the tree of a RUN.yaml to a {@link RunConfig}: defaults, types, ranges, what is refused. */
final class RunParser {
    private static final int DEFAULT_RANK = 16;
    private static final double DEFAULT_ALPHA = 32;
    private static final List<String> PROJECTIONS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

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
        Optional<Path> path = path(model, "path");
        Optional<Path> config = path(model, "config");
        if (path.isPresent() == config.isPresent()) {
            throw new RequestException(
                    source
                            + ": model needs either path: FOLDER (a checkpoint) or config: FILE"
                            + " (random weights)");
        }
        Method method = method();
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
                path(root.section("tokenizer", "path"), "path").or(() -> path),
                method,
                data(),
                optimizer(),
                schedule(),
                steps,
                epochs,
                batch.integer("sequences", 8, 1),
                batch.integer("accumulate", 1, 1),
                precision(method),
                root.flag("gradient_checkpointing", false),
                root.string("device", "auto"),
                threads(),
                root.longer("seed", 1),
                evaluate(),
                path(root.required("output", "runs/first"), "output"),
                root.resolved());
    }

    private void refuseLater() {
        String task = root.choice("task", "causal", List.of("causal", "masked", "seq2seq"));
        root.refuse("task", !task.equals("causal"), "use task: causal");
        root.refuse("checkpoint", root.has("checkpoint"), "leave checkpoint away");
        root.refuse("energy", root.has("energy"), "leave energy away");
    }

    private Precision precision(Method method) {
        Precision p = Precision.of(root.choice("precision", "f32", List.of("f32", "bf16")));
        root.refuse(
                "precision",
                p != Precision.F32 && method instanceof Method.Full,
                "trained weights stay F32: use precision: f32, or method.type: lora");
        return p;
    }

    private Method method() {
        Section m =
                root.section(
                        "method",
                        "type",
                        "rank",
                        "alpha",
                        "dropout",
                        "targets",
                        "rslora",
                        "modules_to_save",
                        "init_adapter");
        String type =
                m.choice(
                        "type",
                        "lora",
                        List.of("full", "lora", "qlora", "dylora", "qdylora", "adapter"));
        m.refuse("type", !type.equals("full") && !type.equals("lora"), "use type: lora or full");
        Optional<Path> init = path(m, "init_adapter");
        boolean fresh = init.isEmpty();
        Method.LoRA lora =
                new Method.LoRA(
                        m.integer("rank", fresh ? DEFAULT_RANK : 0, 1),
                        m.number("alpha", fresh ? DEFAULT_ALPHA : 0, 1e-6, 1e6),
                        m.number("dropout", fresh ? 0 : -1, 0, 0.99),
                        targets(m, fresh),
                        m.flag("rslora", false),
                        m.strings("modules_to_save", List.of()),
                        init);
        return type.equals("full") ? new Method.Full() : lora;
    }

    /** A list names modules, one text is {@code all-linear} or a regular expression. */
    private static Optional<LoraTargets> targets(Section m, boolean fresh) {
        List<String> names = m.strings("targets", fresh ? PROJECTIONS : List.of());
        if (!m.has("targets") && !fresh) {
            return Optional.empty();
        }
        if (names.isEmpty()) {
            throw m.wrong("targets", "all-linear or a list of at least one layer", "[]");
        }
        return Optional.of(
                m.isText("targets")
                        ? LoraTargets.text(names.getFirst())
                        : LoraTargets.names(names.toArray(String[]::new)));
    }

    private Data data() {
        Section d =
                root.section(
                        "data",
                        "train",
                        "eval",
                        "loss",
                        "sampling_temperature",
                        "packing",
                        "max_length",
                        "shuffle");
        List<DataFile> train = files(d, "train");
        if (train.isEmpty()) {
            throw new RequestException(
                    source
                            + ": data.train is missing; it needs at least one file, for example"
                            + " train: [{path: data.jsonl, format: text}]");
        }
        String loss = d.choice("loss", "completion", List.of("all", "completion", "assistant"));
        d.refuse("loss", loss.equals("assistant"), "use loss: completion");
        d.refuse("packing", d.flag("packing", false), "use packing: false");
        return new Data(
                train,
                files(d, "eval"),
                loss,
                d.number("sampling_temperature", 3.33, 0.01, 1e9),
                d.integer("max_length", 256, 2),
                d.flag("shuffle", true));
    }

    private List<DataFile> files(Section data, String key) {
        return data.list(key, this::file, "path", "language", "format", "licence");
    }

    private DataFile file(Section f) {
        Path path = path(f.required("path", "data.jsonl"), f.path("path"));
        String format =
                f.choice(
                        "format",
                        "text",
                        List.of("text", "completion", "chat", "translation", "ids"));
        f.refuse("format", format.equals("chat"), "use text, completion, translation or ids");
        return new DataFile(path, f.string("language", ""), format, f.string("licence", ""));
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
                        "clip_grad_norm");
        o.choice("type", "adamw", List.of("adamw"));
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
                o.number("clip_grad_norm", 1, 0, 1e9));
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

    private int evaluate() {
        Section e = root.section("evaluate", "every", "metrics", "early_stopping_patience");
        List<String> metrics = e.strings("metrics", List.of("loss"));
        e.refuse("metrics", !metrics.equals(List.of("loss")), "use metrics: [loss]");
        e.refuse(
                "early_stopping_patience",
                e.has("early_stopping_patience"),
                "leave early_stopping_patience away");
        return e.integer("every", 0, 1);
    }

    private int threads() {
        boolean auto = !root.has("threads") || root.isText("threads");
        if (auto) {
            root.choice("threads", "auto", List.of("auto"));
        }
        return auto ? 0 : root.integer("threads", 0, 1);
    }

    private Optional<Path> path(Section section, String key) {
        return Optional.ofNullable(section.string(key, null))
                .map(text -> path(text, section.path(key)));
    }

    private Path path(String text, String key) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new RequestException(
                    source + ": " + key + " is not a path: " + e.getReason() + "; correct it", e);
        }
        throw new RequestException(source + ": " + key + " is empty; give a path");
    }
}
