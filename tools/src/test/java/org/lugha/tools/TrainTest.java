package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    private List<JsonNode> train(String run, String... settings) {
        List<String> args = new ArrayList<>(List.of("train", "--config", run, "--overwrite"));
        for (String s : settings) {
            args.add("--set");
            args.add(s);
        }
        Cli.ok(args.toArray(String[]::new));
        return tiny.json("out/metrics.jsonl");
    }

    private static List<Double> values(List<JsonNode> lines, String key) {
        return lines.stream().filter(l -> l.has(key)).map(l -> l.get(key).doubleValue()).toList();
    }

    private byte[] adapter() throws IOException {
        return Files.readAllBytes(folder.resolve("out/adapter/adapter_model.safetensors"));
    }

    @Test
    void aLineAStepWithTheDocumentedKeys() {
        List<JsonNode> lines = train(tiny.run());
        assertEquals(
                List.of(
                        "step",
                        "loss",
                        "grad_norm",
                        "lr",
                        "tokens",
                        "counted_tokens",
                        "tokens_per_s"),
                List.copyOf(lines.getFirst().propertyNames()));
        assertEquals(List.of(1.0, 2.0, 3.0), values(lines, "step"));
        // Two steps of four are an epoch of the eight rows, of 6 to 13 tokens without padding.
        List<Double> tokens = values(lines, "tokens");
        assertEquals(76, tokens.get(0) + tokens.get(1));
        // Six count in each row, but five in the one whose first token is not masked.
        List<Double> counted = values(lines, "counted_tokens");
        assertEquals(47, counted.get(0) + counted.get(1));
        values(lines, "tokens_per_s").forEach(v -> assertTrue(v > 0));
    }

    @Test
    void theFirstLossIsWhatScoreSays() {
        double loss =
                values(train(tiny.run(), "batch.sequences=8", "data.shuffle=false"), "loss").get(0);
        Cli.ok(
                "score",
                "--model",
                tiny.base().toString(),
                "--input",
                tiny.path("ids.jsonl"),
                "--output",
                tiny.path("scores.jsonl"));
        List<JsonNode> scores = tiny.json("scores.jsonl");
        double nll = values(scores, "nll").stream().mapToDouble(d -> d).sum();
        assertEquals(nll / 47, loss, 1e-5);
    }

    @Test
    void theAdapterIsBesideItsTokenizerAndTheRunIsDescribed() {
        tiny.file("dev.txt", "watoto wanasoma");
        train(
                tiny.run(),
                "evaluate.every=2",
                "data.eval=[{path: '" + tiny.path("dev.txt") + "', format: text}]");
        for (String name : List.of("adapter_config.json", "tokenizer.json")) {
            assertTrue(Files.exists(folder.resolve("out/adapter/" + name)), name);
        }
        assertFalse(Files.exists(folder.resolve("out/model")));
        JsonNode json = JsonMapper.shared().readTree(tiny.read("out/run.json"));
        assertEquals(1, json.get("seed").intValue());
        assertEquals("cpu", json.get("device").stringValue());
        JsonNode config = json.get("config");
        assertEquals(2, config.get("method").get("rank").intValue());
        assertEquals(3.33, config.get("data").get("sampling_temperature").doubleValue());
        assertEquals("cosine", config.get("schedule").get("type").stringValue());
        assertEquals(7, config.get("method").get("targets").size());
        JsonNode data = json.get("data");
        assertEquals(2, data.size(), "evaluation data too");
        assertEquals("CC0-1.0", data.get(0).get("licence").stringValue());
        assertTrue(data.get(0).get("sha256").stringValue().matches("[0-9a-f]{64}"));
        String report = tiny.read("out/report.html");
        assertTrue(report.contains("<svg") && report.contains("evaluation loss"));
        assertFalse(report.contains("http") || report.contains("<script"), "opens offline");
    }

    @Test
    void equalSeedsGiveEqualNumbersAndBytes() throws IOException {
        List<JsonNode> first = train(tiny.run(), "method.dropout=0.1");
        byte[] bytes = adapter();
        List<JsonNode> second = train(tiny.run(), "method.dropout=0.1");
        for (String key : List.of("loss", "grad_norm", "lr", "tokens", "counted_tokens")) {
            assertEquals(values(first, key), values(second, key), key);
        }
        assertArrayEquals(bytes, adapter());
        List<JsonNode> other = train(tiny.run(), "method.dropout=0.1", "seed=2");
        assertNotEquals(values(first, "loss"), values(other, "loss"));
    }

    @Test
    void bf16IsCloseAndItsAdapterIsF32() throws IOException {
        List<Double> exact = values(train(tiny.run()), "loss");
        List<Double> mixed = values(train(tiny.run(), "precision=bf16"), "loss");
        for (int i = 0; i < exact.size(); i++) {
            assertEquals(1, mixed.get(i) / exact.get(i), 0.01);
        }
        assertNotEquals(exact, mixed);
        String header = new String(adapter(), StandardCharsets.ISO_8859_1);
        assertTrue(header.contains("\"F32\"") && !header.contains("\"BF16\""));
    }

    @Test
    void microBatchesOfUnequalMaskedLengthAddUpToTheBatch() throws IOException {
        String[] plain = {"data.shuffle=false", "optimizer.lr=0.01", "steps=4"};
        List<JsonNode> whole = train(tiny.run(), with(plain, "batch={sequences: 8}"));
        byte[] bytes = adapter();
        List<JsonNode> parts =
                train(tiny.run(), with(plain, "batch={sequences: 2, accumulate: 4}"));
        for (int i = 0; i < 4; i++) {
            double loss = whole.get(i).get("loss").doubleValue();
            double norm = whole.get(i).get("grad_norm").doubleValue();
            assertEquals(loss, parts.get(i).get("loss").doubleValue(), 1e-5 * loss);
            assertEquals(norm, parts.get(i).get("grad_norm").doubleValue(), 1e-4 * norm);
        }
        assertEquals(values(whole, "counted_tokens"), values(parts, "counted_tokens"));
        assertEquals(bytes.length, adapter().length);
    }

    private static String[] with(String[] settings, String more) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add(more);
        return all.toArray(String[]::new);
    }

    @Test
    void theNormIsThatBeforeClipping() {
        double free = values(train(tiny.run(), "optimizer.clip_grad_norm=0"), "grad_norm").get(0);
        double cut = values(train(tiny.run(), "optimizer.clip_grad_norm=1e-3"), "grad_norm").get(0);
        assertEquals(free, cut);
        assertTrue(free > 1e-3);
    }

    @ParameterizedTest
    @CsvSource({
        "constant, 0, 0.1, 0.1, 0.1",
        "constant, 2, 0, 0.05, 0.1",
        "linear, 0, 0.1, 0.07, 0.04",
        "cosine, 0, 0.1, 0.0775, 0.0325",
        "cosine, 1, 0, 0.1, 0.055",
    })
    void theLearningRateFollowsItsSchedule(
            String type, int warmUp, double one, double two, double three) {
        List<Double> lr =
                values(
                        train(
                                tiny.run(),
                                "optimizer.lr=0.1",
                                "schedule={type: " + type + ", warmup_steps: " + warmUp + "}"),
                        "lr");
        assertEquals(one, lr.get(0), 1e-9);
        assertEquals(two, lr.get(1), 1e-9);
        assertEquals(three, lr.get(2), 1e-9);
    }

    @Test
    void epochsAreCountedInSteps() {
        assertEquals(6, train(tiny.run(), "steps=null", "epochs=3").size());
        assertEquals(3, train(tiny.run(), "steps=null", "epochs=1", "batch.sequences=3").size());
    }

    @Test
    void everyWeightIsTrainedByFull() throws IOException {
        train(tiny.run(), "method={type: full}", "optimizer.lr=0.01", "steps=8");
        List<Double> loss = values(tiny.json("out/metrics.jsonl"), "loss");
        assertTrue(loss.getLast() < loss.getFirst(), loss::toString);
        assertFalse(Files.exists(folder.resolve("out/adapter")));
        assertArrayEquals(
                Files.readAllBytes(tiny.base().resolve("tokenizer.json")),
                Files.readAllBytes(folder.resolve("out/model/tokenizer.json")));
        Cli.ok("generate", "--model", tiny.path("out/model"), "--prompt", "a");
    }

    @Test
    void randomWeightsComeFromAConfiguration() {
        String config = tiny.base().resolve("config.json").toString();
        train(
                tiny.run(),
                "model={config: '" + config + "'}",
                "method={type: full}",
                "optimizer.decay_all=true");
        assertTrue(Files.exists(folder.resolve("out/model/model.safetensors")));
        assertFalse(Files.exists(folder.resolve("out/model/tokenizer.json")), "none was named");
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                Arguments.of("a.jsonl", "text", "{\"text\": \"watoto wanasoma\"}"),
                Arguments.of(
                        "a.jsonl",
                        "completion",
                        "{\"prompt\": \"the children read\", \"completion\": \" books\"}"),
                Arguments.of(
                        "a.jsonl",
                        "translation",
                        "{\"src_lang\": \"eng\", \"src\": \"a book\", \"tgt_lang\": \"swa\","
                                + " \"tgt\": \"kitabu\"}"),
                Arguments.of("a.txt", "text", "watoto wanasoma vitabu"),
                Arguments.of("a.tsv", "completion", "prompt\tcompletion\nthe teacher\t book"),
                Arguments.of(
                        "a.tsv",
                        "translation",
                        "src_lang\ttgt_lang\tsrc\ttgt\neng\tswa\ta book\tkitabu"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatTrains(String name, String format, String content) {
        tiny.file(name, content.split("\n", -1));
        String file = "{path: '" + tiny.path(name) + "', format: " + format + "}";
        List<JsonNode> lines = train(tiny.run(), "data={train: [" + file + "]}", "steps=1");
        double counted = values(lines, "counted_tokens").getFirst();
        assertTrue(counted > 0);
        if (!format.equals("text")) {
            assertTrue(counted < values(lines, "tokens").getFirst() - 4, "the prompt does not");
        }
        List<JsonNode> all =
                train(tiny.run(), "data={loss: all, train: [" + file + "]}", "steps=1");
        assertEquals(
                values(all, "tokens").getFirst() - 4,
                values(all, "counted_tokens").getFirst(),
                "four rows");
    }

    @Test
    void oneEndTokenIsTrainedAnAnswerThoughItIsThePaddingToken() {
        tiny.file(
                "c.jsonl",
                "{\"prompt\": \"the \", \"completion\": \"book\"}",
                "{\"prompt\": \"the children read books \", \"completion\": \"books\"}");
        String data = "data={train: [{path: '" + tiny.path("c.jsonl") + "', format: completion}]}";
        List<JsonNode> lines = train(tiny.run(), data, "batch.sequences=2", "steps=1");
        Tiny other = new Tiny(folder);
        int book = other.tokenizer().encode(" book").ids().length;
        int books = other.tokenizer().encode(" books").ids().length;
        assertEquals(
                book + books + 2, values(lines, "counted_tokens").getFirst(), 1e-9, "and two ends");
    }

    @Test
    void rowsThatLoseTheirAnswerToTheCutAreLeftOutAndCounted() {
        String run = tiny.run("");
        Cli cli =
                Cli.ok("train", "--config", run, "--set", "data.max_length=4", "--set", "steps=1");
        assertTrue(cli.err().contains("4 examples, 16 tokens, 9 counted"), cli.err());
        assertTrue(
                cli.err().contains("8 cut to max_length, 4 left out because no token counts"),
                cli.err());
    }

    @Test
    void evaluationsAreLinesOfTheirOwn() {
        String eval = "data.eval=[{path: '" + tiny.path("ids.jsonl") + "', format: ids}]";
        List<JsonNode> lines = train(tiny.run(), eval, "evaluate.every=2", "optimizer.lr=0.02");
        List<JsonNode> evals = lines.stream().filter(l -> l.has("eval")).toList();
        assertEquals(5, lines.size());
        assertEquals(List.of(2.0, 3.0), values(evals, "step"), "every second, and the last");
        assertEquals(47, evals.getLast().get("eval").get("counted_tokens").intValue());
        assertEquals(
                scored(tiny.base()),
                evals.getLast().get("eval").get("loss").doubleValue(),
                1e-6,
                "what was written is what was measured");
    }

    /** Mean loss over the ids with what was trained. */
    private double scored(Path model) {
        Cli.ok(
                "score",
                "--model",
                model.toString(),
                "--adapter",
                tiny.path("out/adapter"),
                "--input",
                tiny.path("ids.jsonl"),
                "--output",
                tiny.path("scores.jsonl"));
        return values(tiny.json("scores.jsonl"), "nll").stream().mapToDouble(d -> d).sum() / 47;
    }

    @Test
    void aTiedTableTrainedWholeIsWhatIsLoadedAgain() {
        Path tied = tiny.model("tied", true);
        List<JsonNode> lines =
                train(
                        tiny.run(),
                        "model.path='" + tied + "'",
                        "method.modules_to_save=[embed_tokens]",
                        "data.eval=[{path: '" + tiny.path("ids.jsonl") + "', format: ids}]",
                        "evaluate.every=3",
                        "optimizer.lr=0.02");
        double measured = lines.getLast().get("eval").get("loss").doubleValue();
        assertTrue(measured < values(lines, "loss").getFirst());
        assertEquals(measured, scored(tied), 1e-6);
    }
}
