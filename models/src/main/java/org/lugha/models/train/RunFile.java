package org.lugha.models.train;

import java.io.IOException;
import java.nio.file.Files;
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
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads RUN.yaml (JSON is YAML): strict about keys, types and what this version cannot do. */
public final class RunFile {
    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private RunFile() {}

    /** Reads a file, then applies {@code key.path=value} settings, whose values are YAML. */
    public static RunConfig read(Path file, List<String> settings) {
        JsonNode tree;
        try {
            tree = YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new RequestException(
                    file
                            + ": cannot be read ("
                            + (Files.exists(file) ? e.getMessage() : "no such file")
                            + "); give the path of a RUN.yaml",
                    e);
        } catch (JacksonException e) {
            throw new RequestException(file + ": is not valid YAML: " + brief(e), e);
        }
        if (!tree.isObject()) {
            throw new RequestException(
                    file + ": must be a mapping of keys to values, such as model, data and steps");
        }
        for (String s : settings) {
            set((ObjectNode) tree, s);
        }
        return parse(tree, file.toString());
    }

    /** Reads a tree; {@code source} names it in messages. */
    public static RunConfig parse(JsonNode tree, String source) {
        Section root = Section.root(tree, source);
        root.choice("task", "causal", List.of("causal", "masked", "seq2seq"));
        root.refuse("task", !"causal".equals(root.string("task", "causal")), "use task: causal");
        root.refuse(
                "precision",
                "bf16".equals(root.choice("precision", "f32", List.of("f32", "bf16"))),
                "use precision: f32");
        root.refuse(
                "gradient_checkpointing",
                root.flag("gradient_checkpointing", false),
                "use gradient_checkpointing: false");
        root.refuse("checkpoint", root.has("checkpoint"), "leave checkpoint away");
        root.raw("energy");
        Section model = root.section("model");
        Optional<Path> path = Optional.ofNullable(model.string("path", null)).map(Path::of);
        Optional<Path> config = Optional.ofNullable(model.string("config", null)).map(Path::of);
        model.finish();
        if (path.isPresent() == config.isPresent()) {
            throw new RequestException(
                    source
                            + ": model needs either path: FOLDER (a checkpoint) or config: FILE"
                            + " (random weights)");
        }
        Section tokenizer = root.section("tokenizer");
        Optional<Path> vocabulary =
                Optional.ofNullable(tokenizer.string("path", null)).map(Path::of).or(() -> path);
        tokenizer.finish();
        Section batch = root.section("batch");
        int sequences = batch.integer("sequences", 8, 1);
        int accumulate = batch.integer("accumulate", 1, 1);
        batch.finish();
        int steps = root.integer("steps", 0, 1);
        double epochs = root.number("epochs", 0, 0, 1e6);
        if ((steps == 0) == (epochs == 0)) {
            throw new RequestException(
                    source + ": needs steps or epochs, one of them, for example steps: 500");
        }
        RunConfig run =
                new RunConfig(
                        path,
                        config,
                        vocabulary,
                        method(root.section("method")),
                        data(root.section("data"), source),
                        optimizer(root.section("optimizer")),
                        schedule(root.section("schedule")),
                        steps,
                        epochs,
                        sequences,
                        accumulate,
                        root.string("device", "auto"),
                        threads(root),
                        root.longer("seed", 1),
                        evaluate(root),
                        Path.of(root.required("output", "runs/first")),
                        tree);
        root.finish();
        return run;
    }

    private static Method method(Section m) {
        String type =
                m.choice(
                        "type",
                        "lora",
                        List.of("full", "lora", "qlora", "dylora", "qdylora", "adapter"));
        m.refuse("type", !type.equals("full") && !type.equals("lora"), "use type: lora or full");
        Optional<Path> init = Optional.ofNullable(m.string("init_adapter", null)).map(Path::of);
        Method.LoRA lora =
                new Method.LoRA(
                        m.integer("rank", 0, 1),
                        m.number("alpha", 0, 1e-6, 1e6),
                        m.number("dropout", 0, 0, 0.99),
                        targets(m),
                        m.flag("rslora", false),
                        m.strings("modules_to_save", List.of()),
                        init);
        m.finish();
        return type.equals("full") ? new Method.Full() : lora;
    }

    /** A list names modules, one text is {@code all-linear} or a regular expression. */
    private static Optional<LoraTargets> targets(Section m) {
        if (!m.has("targets")) {
            return Optional.empty();
        }
        List<String> names = m.strings("targets", List.of());
        return Optional.of(
                m.raw("targets").isString()
                        ? LoraTargets.text(names.getFirst())
                        : LoraTargets.names(names.toArray(String[]::new)));
    }

    private static Data data(Section d, String source) {
        List<DataFile> train = d.list("train", RunFile::file);
        if (train.isEmpty()) {
            throw new RequestException(
                    source
                            + ": data.train is missing; it needs at least one file, for example"
                            + " train: [{path: data.jsonl, format: text}]");
        }
        String loss = d.choice("loss", "completion", List.of("all", "completion", "assistant"));
        d.refuse("loss", loss.equals("assistant"), "use loss: completion");
        d.refuse("packing", d.flag("packing", false), "use packing: false");
        Data data =
                new Data(
                        train,
                        d.list("eval", RunFile::file),
                        loss,
                        d.number("sampling_temperature", 3.33, 0.01, 1e9),
                        d.integer("max_length", 256, 2),
                        d.flag("shuffle", true));
        d.finish();
        return data;
    }

    private static DataFile file(Section f) {
        String path = f.required("path", "data.jsonl");
        String format =
                f.choice(
                        "format",
                        "text",
                        List.of("text", "completion", "chat", "translation", "ids"));
        f.refuse("format", format.equals("chat"), "use text, completion, translation or ids");
        return new DataFile(
                Path.of(path), f.string("language", ""), format, f.string("licence", ""));
    }

    private static Optimization optimizer(Section o) {
        o.choice("type", "adamw", List.of("adamw"));
        double[] betas = {0.9, 0.999};
        JsonNode given = o.raw("betas");
        if (!given.isNull()) {
            if (!given.isArray()
                    || given.size() != 2
                    || !given.get(0).isNumber()
                    || !given.get(1).isNumber()) {
                throw o.wrong("betas", "two numbers, such as [0.9, 0.999]", given);
            }
            betas = new double[] {given.get(0).doubleValue(), given.get(1).doubleValue()};
        }
        Optimization opt =
                new Optimization(
                        o.number("lr", 2e-4, 0, 100),
                        betas[0],
                        betas[1],
                        o.number("eps", 1e-8, 0, 1),
                        o.number("weight_decay", 0, 0, 10),
                        o.flag("decay_all", false),
                        o.number("clip_grad_norm", 1, 0, 1e9));
        o.finish();
        return opt;
    }

    private static Decay schedule(Section s) {
        Decay d =
                new Decay(
                        s.choice("type", "cosine", List.of("constant", "linear", "cosine")),
                        s.integer("warmup_steps", 0, 0),
                        s.number("min_lr_ratio", 0.1, 0, 1));
        s.finish();
        return d;
    }

    private static int evaluate(Section root) {
        Section e = root.section("evaluate");
        List<String> metrics = e.strings("metrics", List.of("loss"));
        e.refuse("metrics", !metrics.equals(List.of("loss")), "use metrics: [loss]");
        e.refuse(
                "early_stopping_patience",
                e.has("early_stopping_patience"),
                "leave early_stopping_patience away");
        int every = e.integer("every", 0, 1);
        e.finish();
        return every;
    }

    private static int threads(Section root) {
        JsonNode t = root.raw("threads");
        return t.isNull() || (t.isString() && t.stringValue().equals("auto"))
                ? 0
                : root.integer("threads", 0, 1);
    }

    private static void set(ObjectNode tree, String setting) {
        int eq = setting.indexOf('=');
        if (eq <= 0) {
            throw new RequestException("--set " + setting + ": write it as key.path=value");
        }
        JsonNode value;
        try {
            value = YAML.readTree(setting.substring(eq + 1));
        } catch (JacksonException e) {
            throw new RequestException("--set " + setting + ": the value is not valid YAML", e);
        }
        String[] keys = setting.substring(0, eq).split("\\.", -1);
        JsonNode at = tree;
        for (int i = 0; i < keys.length - 1; i++) {
            at = below(at, keys[i], setting);
        }
        String last = keys[keys.length - 1];
        switch (at) {
            case ObjectNode o -> o.set(last, value);
            case ArrayNode a -> a.set(index(a, last, setting), value);
            default -> throw new RequestException("--set " + setting + ": " + at + " has no keys");
        }
    }

    private static JsonNode below(JsonNode at, String key, String setting) {
        if (at instanceof ArrayNode a) {
            return a.get(index(a, key, setting));
        }
        if (!(at instanceof ObjectNode o)) {
            throw new RequestException("--set " + setting + ": " + at + " has no keys");
        }
        JsonNode next = o.get(key);
        return next == null || next.isNull() ? o.putObject(key) : next;
    }

    private static int index(ArrayNode a, String key, String setting) {
        if (key.matches("\\d{1,6}") && Integer.parseInt(key) < a.size()) {
            return Integer.parseInt(key);
        }
        throw new RequestException(
                "--set " + setting + ": '" + key + "' must be an index below " + a.size());
    }

    private static String brief(JacksonException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("");
        return e.getLocation() == null
                ? first
                : first
                        + " at line "
                        + e.getLocation().getLineNr()
                        + ", column "
                        + e.getLocation().getColumnNr();
    }
}
