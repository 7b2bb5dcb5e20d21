import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.lugha.models.settings.RunFile;
import org.lugha.models.train.TrainingRun;

/**
 * Kills runs and goes on with them: is what comes out always the same?
 *
 * <p>{@code java -cp tools/target/lugha.jar --add-modules jdk.incubator.vector tools/bench/Kills.java
 * FOLDER [TRIALS]}: a run of 60 steps of a tiny model with dropout, packing and two languages, first
 * without a kill, then each time a process of its own that is killed with SIGKILL at a random
 * moment, a third of them twice, and gone on with. Weights and metrics (but for the rates) are
 * compared.
 */
void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int trials = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    prepare(folder);
    String expected = finished(folder, "reference");
    Random random = new Random(1);
    int kills = 0;
    int same = 0;
    int[] at = new int[61];
    TreeSet<String> outcomes = new TreeSet<>();
    outcomes.add(expected);
    for (int trial = 1; trial <= trials; trial++) {
        delete(folder.resolve("out"));
        int times = random.nextInt(3) == 0 ? 2 : 1;
        for (int k = 0; k < times; k++) {
            int step = killed(folder, "out", random);
            kills += step >= 0 ? 1 : 0;
            if (step >= 0) {
                at[Math.min(60, step)]++;
            }
        }
        String now = finished(folder, "out");
        same += now.equals(expected) ? 1 : 0;
        outcomes.add(now);
        IO.println("trial %d: %s, %d kills so far, %d of %d the same".formatted(trial, now.substring(0, 12), kills, same, trial));
    }
    IO.println("%d trials, %d kills, %d times the same weights and metrics, %d outcomes".formatted(trials, kills, same, outcomes.size()));
    System.exit(same == trials ? 0 : 1);
}

void prepare(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("tiny.json"), """
            {"model_type": "llama", "vocab_size": 300, "hidden_size": 16, "intermediate_size": 32,
             "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
             "max_position_embeddings": 64, "tie_word_embeddings": true}
            """);
    Random random = new Random(7);
    for (String language : List.of("a", "b")) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < (language.equals("a") ? 90 : 20); i++) {
            List<Integer> ids = new ArrayList<>();
            for (int t = 0; t < 5 + random.nextInt(20); t++) {
                ids.add(3 + random.nextInt(297));
            }
            lines.append("{\"input_ids\": ").append(ids).append("}\n");
        }
        Files.writeString(folder.resolve(language + ".jsonl"), lines);
    }
    Files.writeString(folder.resolve("RUN.yaml"), """
            model: {config: "%1$s/tiny.json"}
            method: {type: lora, rank: 4, dropout: 0.1}
            data:
              train:
                - {path: "%1$s/a.jsonl", format: ids, language: a}
                - {path: "%1$s/b.jsonl", format: ids, language: b}
              eval: [{path: "%1$s/b.jsonl", format: ids, language: b}]
              packing: true
              max_length: 32
            optimizer: {lr: 0.01}
            steps: 60
            batch: {sequences: 2}
            threads: 1
            evaluate: {every: 20}
            checkpoint: {every: 3, keep: 2}
            """.formatted(folder.toAbsolutePath()));
}

Process start(Path folder, String output, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp", System.getProperty("java.class.path"), "org.lugha.tools.Main", "train",
            "--config", folder.resolve("RUN.yaml").toString(),
            "--set", "output='" + folder.resolve(output).toAbsolutePath() + "'", "--resume"));
    command.addAll(List.of(more));
    Path log = folder.resolve("log");
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
}

/** Kills a run at a random moment; the number of steps that were written, or -1 if it was over. */
int killed(Path folder, String output, Random random) throws Exception {
    Process p = start(folder, output);
    Path metrics = folder.resolve(output).resolve("metrics.jsonl");
    int wanted = random.nextInt(64);
    while (p.isAlive() && lines(metrics) < wanted) {
        Thread.sleep(1);
    }
    Thread.sleep(random.nextInt(25));
    boolean alive = p.isAlive();
    p.destroyForcibly().waitFor();
    return alive ? (int) lines(metrics) : -1;
}

long lines(Path file) throws IOException {
    if (!Files.exists(file)) {
        return 0;
    }
    long n = 0;
    for (byte b : Files.readAllBytes(file)) {
        n += b == '\n' ? 1 : 0;
    }
    return n;
}

/** Goes on to the end; a digest of weights and metrics. */
String finished(Path folder, String output) throws Exception {
    List<String> settings = List.of("output='" + folder.resolve(output).toAbsolutePath() + "'");
    var run = RunFile.read(folder.resolve("RUN.yaml"), settings);
    new TrainingRun(run, new TrainingRun.Listener() {}).execute(TrainingRun.Start.RESUME, () -> false);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Path out = folder.resolve(output);
    digest.update(Files.readAllBytes(out.resolve("adapter/adapter_model.safetensors")));
    for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
        digest.update(line.replaceAll(",\"tokens_per_s\":[0-9.E-]+", "").getBytes(UTF_8));
    }
    try (Stream<Path> left = Files.list(out)) {
        if (left.anyMatch(f -> f.toString().endsWith(".tmp") || f.toString().endsWith(".old"))) {
            throw new IllegalStateException("something unfinished is left in " + out);
        }
    }
    return HexFormat.of().formatHex(digest.digest());
}

void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
