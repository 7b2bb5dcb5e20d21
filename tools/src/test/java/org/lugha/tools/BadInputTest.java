package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong gets one line, and nothing is left behind. */
class BadInputTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
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
        Refused.says(Refused.trainOn(tiny, "bad.jsonl", format), file, expected);
    }

    @Test
    void bytesThatAreNotUtf8AreFoundInTheirLine() {
        byte[] content =
                ("{\"text\": \"a\"}\n".repeat(2000) + "{\"text\": \"?\"}\n").getBytes(UTF_8);
        content[content.length - 4] = (byte) 0xC3;
        String file = tiny.bytes("bad.jsonl", content);
        Refused.says(
                Refused.trainOn(tiny, "bad.jsonl", "text"), file + ":2001: is not valid UTF-8");
    }

    @Test
    void aTableWithWrongColumns() {
        tiny.file("bad.tsv", "prompt\tcompletion", "a\tb", "a");
        Refused.says(Refused.trainOn(tiny, "bad.tsv", "completion"), "bad.tsv:3: needs 2 columns");
        tiny.file("bad.tsv", "prompt\tprompt", "a\tb");
        Refused.says(Refused.trainOn(tiny, "bad.tsv", "completion"), "same name");
        tiny.file("bad.tsv", "prompt\tcompletion");
        Refused.says(Refused.trainOn(tiny, "bad.tsv", "completion"), "is empty");
    }

    @Test
    void filesThatAreNotThere() {
        Refused.says(
                Refused.trainOn(tiny, "none.jsonl", "ids"),
                tiny.path("none.jsonl"),
                "no such file");
        Refused.says(Refused.trainOn(tiny, "base", "ids"), tiny.path("base"), "not a file");
        Refused.says(Refused.train(tiny, "model.path=nowhere"), "nowhere", "there is none");
        Refused.says(Refused.train(tiny, "tokenizer.path=nowhere"), "nowhere", "tokenizer.json");
        Refused.says(
                Refused.train(tiny, "method.init_adapter=nowhere", "method.rank=2"), "nowhere");
        Refused.says(Cli.refusal("train", "--config", "none.yaml"), "none.yaml", "no such file");
    }

    @Test
    void evaluationDataIsCheckedToo() {
        String file = tiny.file("dev.txt", "");
        Refused.says(
                Refused.train(tiny, "data.eval=[{path: '" + file + "'}]", "evaluate.every=1"),
                file + ": is empty");
    }

    @AfterEach
    void nothingIsLeftUnderAHiddenName() {
        assertTrue(tiny.listing().stream().noneMatch(n -> n.matches(".*[/\\\\]\\..*")));
    }

    @Test
    void outputsThatCannotBeWritten() {
        String file = tiny.file("file", "x");
        Refused.says(
                Refused.train(tiny, "output='" + file + "/run'"), file, "is a file, not a folder");
        Refused.says(Refused.train(tiny, "output='" + file + "'"), file, "is a file");
        Refused.says(
                Refused.train(tiny, "output='" + tiny.base() + "'"), "exists and is not a run");
        Refused.says(Refused.train(tiny, "output=''"), "output is empty");
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
            Refused.says(Cli.refusal(args.toArray(String[]::new)), output, "cannot write");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void outputsWhereNobodyMayWrite() {
        Refused.says(
                Refused.train(tiny, "output=/proc/lugha/run"), "/proc/lugha/run", "cannot write");
        tiny.ids();
        Refused.says(
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

    @Test
    void oddButRightFilesAreRead() {
        byte[] bom = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
        String text = "{\"text\": \"watoto\"}\r\n\r\n{\"text\": \"vitabu\"}\r\n";
        byte[] all = (new String(bom, UTF_8) + text).getBytes(UTF_8);
        String file = tiny.bytes("odd.jsonl", all);
        String run = tiny.run();
        tiny.bytes("RUN.yaml", (new String(bom, UTF_8) + tiny.read("RUN.yaml")).getBytes(UTF_8));
        String set = "data.train=[{path: '" + file + "', format: text}]";
        Refused.says(
                Cli.ok("train", "--config", run, "--set", set, "--dry-run").err(), "2 examples");
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
        Refused.says(cli.lastLine(), "lugha train: ");
        assertTrue(Files.notExists(folder.resolve("out/model")));
    }
}
