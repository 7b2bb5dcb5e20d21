import org.lugha.models.data.Encoder;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.train.TrainingLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lugha.autograd.Saved;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.DyLora;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import tools.jackson.databind.json.JsonMapper;

/**
 * DyLoRA beside LoRA at each rank: java -cp tools/target/lugha.jar --add-modules
 * jdk.incubator.vector tools/bench/Ranks.java PAIRS WORK [STEPS]
 *
 * <p>PAIRS is a folder with eng-XXX.train.jsonl and .dev.jsonl of lines with src and tgt. A Llama
 * of 5.3M parameters is trained on five languages in it, unless WORK has it from an earlier run;
 * then one DyLoRA of rank 16 and a LoRA of each rank alone learn Swahili in as many steps. Prints
 * the loss on held-out Swahili.
 */
final class Ranks {
    static final int RANK = 16;
    static final int ROWS = 8;
    static final int LENGTH = 48;
    static final String CONFIG =
            """
            {"model_type": "llama", "vocab_size": 4096, "hidden_size": 256,
             "intermediate_size": 688, "num_hidden_layers": 4, "num_attention_heads": 4,
             "num_key_value_heads": 4, "max_position_embeddings": 256, "eos_token_id": 2}
            """;

    private final Path pairs;
    private final Path work;

    Ranks(Path pairs, Path work) {
        this.pairs = pairs;
        this.work = work;
    }

    void main(String[] args) throws Exception {
        new Ranks(Path.of(args[0]), Path.of(args[1]))
                .run(args.length > 2 ? Integer.parseInt(args[2]) : 200);
    }

    Ranks() {
        this(null, null);
    }

    private void run(int steps) throws Exception {
        Path base = work.resolve("base");
        if (Files.notExists(base)) {
            makeBase(base);
        }
        List<Example> train =
                examples(Encoder.of(Tokenizer.load(base)), lines("swa", "train", "tgt"));
        List<Example> dev = examples(Encoder.of(Tokenizer.load(base)), lines("swa", "dev", "tgt"));
        dev = dev.subList(0, Math.min(160, dev.size()));
        Map<Integer, Double> every = new LinkedHashMap<>();
        try (CausalLM model = CausalLM.load(base, Devices.best(), DType.F32)) {
            System.out.printf(
                    Locale.ROOT,
                    "base: %,d parameters, loss %.4f%n",
                    model.size(),
                    loss(model, dev));
            Attached adapter = trained(model, new DyLora(lora(RANK), false), train, steps);
            for (int b = 1; b <= RANK; b++) {
                DyLora.use(adapter, b);
                every.put(b, loss(model, dev));
                System.out.printf(Locale.ROOT, "dylora rank %2d loss %.4f%n", b, every.get(b));
            }
            if (Files.notExists(work.resolve("dylora"))) {
                PeftFiles.save(adapter, work.resolve("dylora"), base.toString());
            }
            adapter.close();
            for (int b : new int[] {1, 2, 4, 8, 16}) {
                try (Attached alone = trained(model, lora(b), train, steps)) {
                    double own = loss(model, dev);
                    System.out.printf(
                            Locale.ROOT,
                            "rank %2d: lora alone %.4f, dylora %.4f, %+.2f %%%n",
                            b,
                            own,
                            every.get(b),
                            100 * (every.get(b) / own - 1));
                }
            }
        }
    }

    private static Lora lora(int rank) {
        return new Lora(rank, 16, LoraTargets.allLinear());
    }

    private Attached trained(CausalLM model, PeftConfig method, List<Example> data, int steps) {
        Attached adapter = method.attachTo(model, 1);
        steps(model, data, steps, 1e-3);
        return adapter;
    }

    private static void steps(CausalLM model, List<Example> data, int steps, double lr) {
        try (AdamW adam = new AdamW(model.trainable())) {
            var stream = new ExampleStream(data, 1, true, 1);
            var how = new TrainingLoop.Settings(ROWS, 1, lr, 1, 1, Saved.EXACT);
            var loop =
                    new TrainingLoop(model, stream, adam, new Schedule.Cosine(10, steps, 0.1), how);
            for (int s = 1; s <= steps; s++) {
                var step = loop.step();
                if (s % 50 == 0) {
                    System.err.printf(Locale.ROOT, "step %d loss %.4f%n", s, step.loss());
                }
            }
        }
    }

    private static double loss(CausalLM model, List<Example> dev) {
        return TrainingLoop.evaluate(model, dev, ROWS, 0).loss();
    }

    private void makeBase(Path base) throws Exception {
        List<String> text = new ArrayList<>();
        for (String language : List.of("hau", "ibo", "yor", "zul")) {
            text.addAll(lines(language, "train", "src"));
            text.addAll(lines(language, "train", "tgt"));
        }
        BpeTrainer trainer = new BpeTrainer(BpeOptions.of(4096));
        trainer.addAll(text.stream());
        Tokenizer tokenizer = trainer.train();
        var json = JsonMapper.shared().readTree(CONFIG).asObject();
        try (CausalLM model = CausalLM.declare(new ConfigJson("base", json))) {
            model.initialize(Devices.best(), DType.F32, 1);
            steps(model, examples(Encoder.of(tokenizer), text), 300, 1e-3);
            model.save(base);
        }
        tokenizer.save(base);
    }

    private static List<Example> examples(Encoder encoder, List<String> lines) {
        List<Example> all = new ArrayList<>();
        for (String line : lines) {
            Example e = encoder.text(line, "");
            int n = Math.min(LENGTH, e.ids().length);
            all.add(
                    new Example(
                            java.util.Arrays.copyOf(e.ids(), n),
                            java.util.Arrays.copyOf(e.labels(), n),
                            ""));
        }
        return all;
    }

    private List<String> lines(String language, String part, String side) throws Exception {
        Path file = pairs.resolve("eng-" + language + "." + part + ".jsonl");
        return Files.readAllLines(file).stream()
                .map(l -> JsonMapper.shared().readTree(l).get(side).stringValue())
                .toList();
    }
}
