package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is wrong gets one line, and nothing is left behind. */
class BadInputTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    /** Trains in vain, and returns the line. */
    private String train(String... settings) {
        String run = tiny.run();
        List<String> before = tiny.listing();
        List<String> args = new ArrayList<>(List.of("train", "--config", run));
        for (String s : settings) {
            args.add("--set");
            args.add(s);
        }
        String line = Cli.refusal(args.toArray(String[]::new));
        assertEquals(before, tiny.listing());
        args.add("--dry-run");
        assertEquals(line, Cli.refusal(args.toArray(String[]::new)), "a dry run finds it too");
        assertEquals(before, tiny.listing());
        return line;
    }

    private static void assertSays(String line, String... words) {
        for (String w : words) {
            assertTrue(line.contains(w), () -> "'" + w + "' in: " + line);
        }
    }

    private String trainOn(String name, String format) {
        return train("data={train: [{path: '" + tiny.path(name) + "', format: " + format + "}]}");
    }

    static Stream<Arguments> data() {
        return Stream.of(
                Arguments.of("ids", "", "is empty"),
                Arguments.of("ids", "\n \n", "is empty"),
                Arguments.of("ids", "{\"input_ids\": [1, 2", ":1: is not valid JSON"),
                Arguments.of("ids", "[1, 2]", ":1: needs a JSON object a line"),
                Arguments.of("ids", "{\"input_ids\": [1, 2]} x", ":1: is not valid JSON"),
                Arguments.of("ids", "{\"input_ids\": [1], \"input_ids\": [2]}", "input_ids"),
                Arguments.of("ids", "{\"input_ids\": [1, NaN]}", ":1: is not valid JSON"),
                Arguments.of("ids", "{\"input_ids\": [1, 1.5]}", "whole number, got 1.5"),
                Arguments.of("ids", "{\"input_ids\": [1, \"2\"]}", "whole number, got \"2\""),
                Arguments.of("ids", "{\"input_ids\": [1, 99999999999999999999]}", "whole number"),
                Arguments.of("ids", "{\"input_ids\": 7}", "a list of whole numbers"),
                Arguments.of("ids", "{\"ids\": [1]}", "needs \"input_ids\""),
                Arguments.of("ids", "{\"input_ids\": [1, 280]}", "has 280 entries (0 to 279)"),
                Arguments.of("ids", "\n{\"input_ids\": [1, -1]}", ":2: input_ids holds -1"),
                Arguments.of(
                        "ids", "{\"input_ids\": [1, 2], \"labels\": [1, 280]}", "labels holds 280"),
                Arguments.of(
                        "ids", "{\"input_ids\": [1, 2], \"labels\": [-1, 2]}", "labels holds -1"),
                Arguments.of("ids", "{\"input_ids\": [1, 2], \"labels\": [1]}", "as many"),
                Arguments.of("ids", "{\"input_ids\": [1, 2], \"attention_mask\": [1]}", "as many"),
                Arguments.of("ids", "{\"input_ids\": [1, 2], \"attention_mask\": [0, 1]}", "right"),
                Arguments.of(
                        "ids",
                        "{\"input_ids\": [1, 2], \"labels\": [-100, -100]}",
                        "no token counts"),
                Arguments.of("ids", "{\"input_ids\": [7]}", "no token counts"),
                Arguments.of("ids", "{\"input_ids\": []}", "no token counts"),
                Arguments.of("text", "{\"text\": 5}", "needs \"text\" as text, got 5"),
                Arguments.of("text", "{\"text\": null}", "needs \"text\" as text"),
                Arguments.of("text", "{\"text\": \"\"}", "no token counts"),
                Arguments.of("completion", "{\"prompt\": \"a\"}", ":1: needs \"completion\""),
                Arguments.of(
                        "completion",
                        "{\"prompt\": \"" + "a b ".repeat(200) + "\", \"completion\": \"c\"}",
                        "no token counts"),
                Arguments.of("translation", "{\"src\": \"a\"}", ":1: needs \"src_lang\""));
    }

    @ParameterizedTest
    @MethodSource("data")
    void dataThatCannotBeTrainedOn(String format, String content, String expected) {
        String file = tiny.file("bad.jsonl", content);
        assertSays(trainOn("bad.jsonl", format), file, expected);
    }

    @Test
    void bytesThatAreNotUtf8AreFoundInTheirLine() {
        byte[] content =
                ("{\"text\": \"a\"}\n".repeat(2000) + "{\"text\": \"?\"}\n").getBytes(UTF_8);
        content[content.length - 4] = (byte) 0xC3;
        String file = tiny.bytes("bad.jsonl", content);
        assertSays(trainOn("bad.jsonl", "text"), file + ":2001: is not valid UTF-8");
    }

    @Test
    void aTableWithWrongColumns() {
        tiny.file("bad.tsv", "prompt\tcompletion", "a\tb", "a");
        assertSays(trainOn("bad.tsv", "completion"), "bad.tsv:3: needs 2 columns");
        tiny.file("bad.tsv", "prompt\tprompt", "a\tb");
        assertSays(trainOn("bad.tsv", "completion"), "same name");
        tiny.file("bad.tsv", "prompt\tcompletion");
        assertSays(trainOn("bad.tsv", "completion"), "is empty");
    }

    @Test
    void filesThatAreNotThere() {
        assertSays(trainOn("none.jsonl", "ids"), tiny.path("none.jsonl"), "no such file");
        assertSays(trainOn("base", "ids"), tiny.path("base"), "not a file");
        assertSays(train("model.path=nowhere"), "nowhere", "there is none");
        assertSays(train("tokenizer.path=nowhere"), "nowhere", "tokenizer.json");
        assertSays(train("method.init_adapter=nowhere", "method.rank=2"), "nowhere");
        assertSays(Cli.refusal("train", "--config", "none.yaml"), "none.yaml", "no such file");
    }

    @Test
    void textNeedsATokenizerOfTheModel() throws IOException {
        tiny.file("a.txt", "watoto");
        Path tokenizer = tiny.base().resolve("tokenizer.json");
        Files.writeString(tokenizer, "{\"version\": ");
        assertSays(trainOn("a.txt", "text"), "tokenizer.json");
        Files.delete(tokenizer);
        assertSays(trainOn("a.txt", "text"), "tokenizer.json", "there is none");
    }

    @ParameterizedTest
    @CsvSource({
        "vocab_size, 280, vocab_size",
        "hidden_size, 16, hidden_size",
        "num_hidden_layers, 1, num_hidden_layers",
        "model_type, \"llama\", model_type",
    })
    void aKeyThatIsMissingInTheConfiguration(String key, String value, String expected)
            throws IOException {
        Path config = tiny.base().resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replaceAll("\"" + key + "\" : " + value + ",?", ""));
        assertSays(train(), config.toString(), expected, "got nothing");
    }

    @Test
    void configurationsThatAreBroken() throws IOException {
        Path config = tiny.base().resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.substring(0, json.length() / 2));
        assertSays(train(), config.toString(), "expected JSON");
        Files.writeString(config, json.replace("\"hidden_size\" : 16", "\"hidden_size\" : \"x\""));
        assertSays(train(), "hidden_size: expected a whole number of at least 1, got \"x\"");
        Files.writeString(config, json.replace("\"vocab_size\" : 280", "\"vocab_size\" : 281"));
        assertSays(train(), "of another shape", "embed_tokens");
        Files.delete(config);
        assertSays(train(), config.toString(), "no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "qwen2", "qwen3", "gemma2", "gpt2", "bloom", "bert", "mt5"})
    void familiesOfLaterVersionsAreRefusedByName(String family) throws IOException {
        Path config = tiny.base().resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("llama", family));
        assertSays(train(), "model_type", "(llama)", '"' + family + '"');
    }

    @Test
    void weightsThatAreMissingOrCut() throws IOException {
        Path weights = tiny.base().resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        for (int length : new int[] {0, 5, 100, whole.length - 1}) {
            Files.write(weights, Arrays.copyOf(whole, length));
            assertSays(train(), weights.toString());
        }
        Files.delete(weights);
        assertSays(train(), tiny.base().toString(), "model.safetensors");
        Files.writeString(tiny.base().resolve("pytorch_model.bin"), "x");
        assertSays(train(), "pytorch_model.bin");
    }

    @Test
    void adaptersThatAreBrokenOrOfAnotherModel() throws IOException {
        Cli.ok("train", "--config", tiny.run());
        Files.move(folder.resolve("out"), folder.resolve("first"));
        Path adapter = folder.resolve("first/adapter");
        String init = "method={init_adapter: '" + adapter + "'}";
        Path config = adapter.resolve("adapter_config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replace("\"r\" : 2", "\"r\" : 3"));
        assertSays(train(init), adapter.toString(), "mis-shaped", "was it trained for another");
        Files.writeString(config, json.replace("LORA", "IA3"));
        assertSays(train(init), config.toString(), "peft_type", "IA3");
        Files.writeString(config, json.replace("\"o_proj\"", "\"out_proj\""));
        assertSays(train(init), adapter.toString(), "unexpected", "o_proj.lora_A");
        Files.writeString(config, json);
        Path weights = adapter.resolve("adapter_model.safetensors");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 300));
        assertSays(train(init), weights.toString());
        Files.delete(weights);
        assertSays(train(init), adapter.toString(), "adapter_model.safetensors");
    }

    @Test
    void aVocabularySmallerThanTheTokenizers() throws IOException {
        Path tokenizer = tiny.base().resolve("tokenizer.json");
        var json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(tokenizer));
        var added = (ObjectNode) json.get("added_tokens").get(0).deepCopy();
        json.withArray("added_tokens").add(added.put("id", 281).put("content", "<|new|>"));
        Files.writeString(tokenizer, json.toString());
        tiny.file("a.txt", "what", "is <|new|>?");
        assertSays(trainOn("a.txt", "text"), "a.txt:2: input_ids holds 281", "has 280 entries");
    }

    @Test
    void evaluationDataIsCheckedToo() {
        String file = tiny.file("dev.txt", "");
        assertSays(
                train("data.eval=[{path: '" + file + "'}]", "evaluate.every=1"),
                file + ": is empty");
    }

    @AfterEach
    void nothingIsLeftUnderAHiddenName() {
        assertTrue(tiny.listing().stream().noneMatch(n -> n.matches(".*[/\\\\]\\..*")));
    }

    @Test
    void outputsThatCannotBeWritten() {
        String file = tiny.file("file", "x");
        assertSays(train("output='" + file + "/run'"), file, "is a file, not a folder");
        assertSays(train("output='" + file + "'"), file, "is a file");
        assertSays(train("output='" + tiny.base() + "'"), "exists and is not a run");
        assertSays(train("output=''"), "output is empty");
        String[] score = {
            "score",
            "--model",
            tiny.base().toString(),
            "--input",
            tiny.path("ids.jsonl"),
            "--output"
        };
        for (String output : List.of(file + "/x.jsonl", tiny.base().toString())) {
            List<String> args = new ArrayList<>(List.of(score));
            args.add(output);
            assertSays(Cli.refusal(args.toArray(String[]::new)), output, "cannot write");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void outputsWhereNobodyMayWrite() {
        assertSays(train("output=/proc/lugha/run"), "/proc/lugha/run", "cannot write");
        tiny.ids();
        assertSays(
                Cli.refusal(
                        "score",
                        "--model",
                        tiny.base().toString(),
                        "--input",
                        tiny.path("ids.jsonl"),
                        "--output",
                        "/proc/x.jsonl"),
                "/proc/x.jsonl",
                "cannot write");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stpes=5                    | unknown key stpes; did you mean steps?",
                "modle.path=x               | unknown key modle; did you mean model?",
                "optimizer.learning_rate=1  | unknown key optimizer.learning_rate",
                "method.rnak=4              | did you mean rank?",
                "data.train.0.fromat=x      | data.train[0].fromat; did you mean format?",
                "batch.size=3               | unknown key batch.size",
                "task=masked                | task: masked is not supported",
                "task=seq2seq               | task: seq2seq is not supported",
                "method={type: qlora}       | method.type: qlora is not supported",
                "method={type: dylora}      | method.type: dylora is not supported",
                "method={type: qdylora}     | method.type: qdylora is not supported",
                "method={type: adapter}     | method.type: adapter is not supported",
                "method={type: dora}        | must be one of full, lora",
                "precision=bf16             | precision: bf16 is not supported",
                "data.packing=true          | data.packing: true is not supported",
                "data.loss=assistant        | data.loss: assistant is not supported",
                "data.train.0.format=chat   | format: chat is not supported",
                "gradient_checkpointing=on  | gradient_checkpointing",
                "checkpoint.every=10        | checkpoint is not supported",
                "evaluate.metrics=[chrf]    | evaluate.metrics is not supported",
                "evaluate.early_stopping_patience=3 | early_stopping_patience: 3 is not supported",
                "energy.watts=auto          | energy is not supported",
                "device=cuda:9              | cuda",
                "device=tpu                 | 'tpu' is not known",
                "method.targets=[query]     | no linear layer matches",
                "method.targets=[]          | method.targets",
                "method.targets=[lm_head]   | lm_head",
                "method.modules_to_save=[x] | modules_to_save",
                "optimizer.lr=.nan          | optimizer.lr must be a number",
                "optimizer.lr=-1            | optimizer.lr must be a number",
                "optimizer.betas=[0.9, 1]   | optimizer.betas must be two numbers",
                "optimizer.betas=0.9        | optimizer.betas must be",
                "optimizer.eps=0            | optimizer.eps must be",
                "steps=0                    | steps must be a whole number of at least 1",
                "steps=1e400                | steps must be",
                "steps=99999999999          | steps must be",
                "seed=99999999999999999999  | seed must be a whole number",
                "epochs=1                   | steps or epochs",
                "threads=0                  | threads must be",
                "data.max_length=1          | data.max_length must be",
                "data=7                     | data must be a mapping",
                "data.train=7               | data.train must be a list",
                "data.train.3.path=x        | must be an index below 1",
                "steps.x=1                  | has no keys",
                "=3                         | write it as key.path=value",
                "model={}                   | model needs either path",
                "output=null                | output is missing",
            })
    void settingsThatCannotBe(String setting, String expected) {
        assertSays(train(setting), expected);
    }

    @Test
    void filesThatAreNoRuns() {
        for (String content : List.of("", "- a", "a: [", "a: 1\na: 2", "a: 1\n---\nb: 2", "\t")) {
            String file = tiny.file("bad.yaml", content);
            assertSays(Cli.refusal("train", "--config", file), file);
        }
        String file = tiny.bytes("bad.yaml", (byte) 'a', (byte) 0xff);
        assertSays(Cli.refusal("train", "--config", file), file, "not valid UTF-8");
        assertSays(Cli.refusal("train", "--config", tiny.run(), "--resume"), "--resume");
    }

    @Test
    void oddButRightFilesAreRead() {
        byte[] bom = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
        String text = "{\"text\": \"watoto\"}\r\n\r\n{\"text\": \"vitabu\"}\r\n";
        byte[] all = (new String(bom, UTF_8) + text).getBytes(UTF_8);
        String file = tiny.bytes("odd.jsonl", all);
        String run = tiny.run();
        tiny.bytes("RUN.yaml", (new String(bom, UTF_8) + tiny.read("RUN.yaml")).getBytes(UTF_8));
        String set = "data.train=[{path: '" + file + "', format: text}]";
        assertSays(Cli.ok("train", "--config", run, "--set", set, "--dry-run").err(), "2 examples");
    }

    @Test
    void aRunThatFailsSaysSoWithOne() {
        Cli cli =
                Cli.run(
                        "train",
                        "--config",
                        tiny.run(),
                        "--set",
                        "optimizer.lr=100",
                        "--set",
                        "method={type: full}",
                        "--set",
                        "optimizer.clip_grad_norm=0",
                        "--set",
                        "schedule.type=constant",
                        "--set",
                        "optimizer.weight_decay=10",
                        "--set",
                        "steps=60");
        assertEquals(1, cli.exit(), cli.err());
        assertSays(cli.lastLine(), "lugha train: ");
        assertTrue(Files.notExists(folder.resolve("out/model")));
    }
}
