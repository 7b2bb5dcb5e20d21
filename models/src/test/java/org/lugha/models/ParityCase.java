package org.lugha.models;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lugha.autograd.Parameter;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.SharedData;
import org.lugha.optim.AdamW;
import org.lugha.runtime.DType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A checkpoint with what transformers and PEFT computed on it: written by {@code
 * src/test/golden/*.py}, or found in the optional folder of large cases.
 */
public record ParityCase(Path folder, JsonNode json) {
    private static final String SHARED = "parity/cases/";

    /** Names of the cases committed here. */
    public static Stream<String> committed() {
        return Stream.of(
                "biases",
                "tied-llama3",
                "bf16-shards",
                "mistral",
                "qwen2",
                "qwen3",
                "gemma",
                "gemma2",
                "gemma3",
                "gpt2",
                "bloom");
    }

    /**
     * Names of all cases: those of the optional folder too, and those in the folder that {@code
     * -Dlugha.cases} names, freshly written by the scripts for a comparison by hand.
     */
    public static Stream<String> all() {
        return Stream.of(
                        committed(),
                        Stream.of(
                                        "llama",
                                        "llama-gqa-tied",
                                        "llama3-rope",
                                        "mistral-window",
                                        "qwen2",
                                        "qwen3",
                                        "gemma2",
                                        "gemma3",
                                        "gpt2",
                                        "bloom")
                                .map(n -> SHARED + n),
                        fresh())
                .flatMap(s -> s);
    }

    private static Stream<String> fresh() {
        File[] folders = new File(System.getProperty("lugha.cases", "none")).listFiles();
        return folders == null
                ? Stream.of()
                : Arrays.stream(folders).map(File::getAbsolutePath).sorted();
    }

    /** A case; the test is skipped where its folder is absent. */
    public static ParityCase of(String name) {
        Path folder = Path.of(name);
        if (name.startsWith(SHARED)) {
            folder = SharedData.path(name);
        } else if (!folder.isAbsolute()) {
            folder = SharedData.beside(ParityCase.class, "golden/" + name);
        }
        try {
            String text = Files.readString(folder.resolve("case.json"));
            return new ParityCase(folder, JsonMapper.shared().readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Tokens tokens() {
        return Tokens.rows(ids("input_ids"));
    }

    public int[][] labels() {
        return ids("labels");
    }

    /** The tokens that follow the first four of each row greedily; none where not given. */
    public int[][] greedy() {
        return json.has("greedy") ? ids("greedy") : new int[0][];
    }

    public double tolerance(String name) {
        return json.at("/tolerance/" + name).doubleValue();
    }

    /** Numbers of {@code expected.safetensors} by their key, all of one key. */
    public double[] expected(String key) {
        try (SafeTensors file = SafeTensors.open(folder.resolve("expected.safetensors"))) {
            return values(file.entries().get(key));
        }
    }

    /** Names of the parameters whose gradients are given. */
    public Stream<String> gradients() {
        try (SafeTensors file = SafeTensors.open(folder.resolve("expected.safetensors"))) {
            return file.entries().keySet().stream()
                    .filter(k -> k.startsWith("grad."))
                    .map(k -> k.substring(5))
                    .toList()
                    .stream();
        }
    }

    /** Whether a position of the batch is a token, not padding. */
    public boolean isToken(int row, int position) {
        JsonNode mask = json.at("/attention_mask/" + row + "/" + position);
        return mask.isMissingNode()
                ? position < json.at("/input_ids/" + row).size()
                : mask.intValue() == 1;
    }

    /** The optimizer of its LoRA steps. */
    public AdamW adam(List<Parameter> parameters) {
        JsonNode how = json.get("lora");
        return new AdamW(
                parameters,
                how.at("/betas/0").doubleValue(),
                how.at("/betas/1").doubleValue(),
                how.get("eps").doubleValue(),
                how.get("weight_decay").doubleValue(),
                true);
    }

    private int[][] ids(String key) {
        return json.get(key).values().stream()
                .map(row -> row.values().stream().mapToInt(JsonNode::intValue).toArray())
                .toArray(int[][]::new);
    }

    static double[] values(Entry e) {
        DType type = DType.valueOf(e.dtype().name());
        return IntStream.range(0, (int) e.count())
                .mapToDouble(i -> type.get(e.data(), i))
                .toArray();
    }
}
