package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What all commands have in common, and those that need no model. */
class CommandsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "train",
                "score",
                "generate",
                "evaluate",
                "tokenizer encode",
                "tokenizer decode",
                "tokenizer extend",
                "tokenizer info",
                "data preview",
                "doctor",
                "bench",
                "bench train",
                "bench generate",
                "bench open",
                "bench qlora",
                "model quantize",
                "bench gemm",
                "bench attention",
                "bench copy"
            })
    void helpHasAnExampleThatCanBePasted(String command) {
        String[] words = command.isEmpty() ? new String[0] : command.split(" ");
        String name = ("lugha " + command).strip();
        Cli cli = Cli.ok(with(words, "--help"));
        assertTrue(cli.out().contains("Usage: " + name), cli.out());
        assertTrue(cli.out().lines().anyMatch(l -> l.matches("  " + name + " ?.*")), cli.out());
        assertEquals("", cli.err());
        cli.out().lines().forEach(l -> assertTrue(l.length() <= 80, l));
        assertTrue(Cli.ok(with(words, "--version")).out().startsWith("lugha "));
    }

    private static String[] with(String[] words, String... more) {
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                   | which command? One of demo, train, score",
                "trian                | there is no command 'trian'; did you mean train?",
                "evaluate             | --hypotheses",
                "evalute              | did you mean evaluate or",
                "bench                | bench what?",
                "bench generate --new 0       | --new",
                "bench generate --precision f8 | --precision must be f32 or bf16",
                "bench open --rounds 0         | --rounds",
                "bench train --seq 2000        | the shape has 1024 positions",
                "bench generate --prompt 2000 | the shape has 1024 positions",
                "bench gem            | there is no command 'gem'",
                "bench gemm --sizes 3x4       | expected sizes MxNxK",
                "bench gemm --sizes 3x4x5:NX  | 'NX' is not known; there are NN",
                "bench gemm --sizes 3x0x5     | sizes are positive numbers",
                "bench gemm --precision int3  | --precision must be f32 or bf16",
                "bench reduce --precision bf16 | 'bf16' is not known",
                "bench norm --rounds 0        | --rounds",
                "train                | --config",
                "train --confg x      | unknown option '--confg'; did you mean --config?",
                "train --config x y   | unknown argument 'y'",
                "train --config       | --config",
                "score --model x      | --input",
                "doctor --jsn         | unknown option '--jsn'",
                "bench train --steps 0    | --steps",
                "bench train --batch -1   | --batch",
                "bench train --seq 1      | --seq",
                "bench train --rank x     | 'x' is not an int",
                "bench train --shape huge | small, qwen0.5b, gpt2, got 'huge'",
                "bench train --precision f16     | --precision must be f32 or bf16",
                "bench train --full --precision bf16 | --precision bf16 is not supported with --full",
                "bench train --prompt-fraction 1 | --prompt-fraction",
                "bench train --device tpu        | 'tpu' is not known",
            })
    void requestsThatAreWrongGetOneLine(String line, String expected) {
        String[] words = line.isEmpty() ? new String[0] : line.split(" +");
        String refusal = Cli.refusal(words);
        assertTrue(refusal.contains(expected), refusal);
        assertTrue(refusal.contains("(see lugha") || !refusal.contains("see lugha"), refusal);
    }

    @Test
    void verboseAddsWhereItHappened() {
        Cli cli = Cli.run("train", "--config", "none.yaml", "--verbose");
        assertEquals(2, cli.exit());
        assertTrue(cli.err().contains("\tat org.lugha"), cli.err());
        assertTrue(cli.err().lines().toList().getLast().startsWith("lugha train: none.yaml"));
    }

    @Test
    void doctorTellsOfEveryDevice() {
        JsonNode found = JsonMapper.shared().readTree(Cli.ok("doctor", "--json").out());
        for (String key : List.of("java", "os", "processors", "memory_gib", "best_device")) {
            assertTrue(found.has(key), key);
        }
        JsonNode devices = found.get("devices");
        assertTrue(devices.get("cpu").stringValue().contains("bit"), devices::toString);
        assertTrue(devices.has("reference"));
        assertTrue(devices.has("cuda"), "with the reason why it is not used, if it is not");
        String lines = Cli.ok("doctor").out();
        assertTrue(lines.contains("memory gib") && lines.contains("cpu"), lines);
    }

    @Test
    void benchTrainHasThePeersKeys() {
        String[] tiny = {
            "bench", "train", "--batch", "1", "--seq", "2", "--steps", "1", "--rank", "1"
        };
        JsonNode all =
                JsonMapper.shared()
                        .readTree(Cli.ok(with(tiny, "--json", "--gradient-checkpointing")).out());
        assertEquals(
                List.of(
                        "shape",
                        "dtype",
                        "full",
                        "batch",
                        "seq",
                        "threads",
                        "gradient_checkpointing",
                        "trainable",
                        "step_s",
                        "tokens_per_s",
                        "start_to_first_step_s",
                        "peak_rss_mib",
                        "peak_tensor_mib",
                        "losses"),
                List.copyOf(all.propertyNames()));
        assertEquals(3, all.get("losses").size(), "two of warm-up and one timed");
        assertTrue(all.get("gradient_checkpointing").booleanValue());
        assertTrue(all.get("peak_tensor_mib").doubleValue() > 200, "the weights alone are 222");
        assertTrue(all.get("step_s").doubleValue() > 0);
        // Rank 1 on seven layers of eight blocks: in + out numbers each.
        long each = 4 * (512 + 512) + 3 * (512 + 1408);
        assertEquals(8 * each, all.get("trainable").longValue());
        JsonNode narrow =
                JsonMapper.shared()
                        .readTree(Cli.ok(with(with(tiny, "--precision=bf16"), "--json")).out());
        assertEquals("bfloat16", narrow.get("dtype").stringValue());
        double share =
                narrow.get("peak_tensor_mib").doubleValue()
                        / all.get("peak_tensor_mib").doubleValue();
        assertTrue(share > 0.5 && share < 0.6, "mostly weights, half as large: " + share);
    }

    @Test
    void benchGemmHasTheKeysOfTheContract() {
        String[] one = {"bench", "gemm", "--sizes", "8x16x4:NT,3x5x7", "--rounds", "1"};
        JsonNode all = JsonMapper.shared().readTree(Cli.ok(with(one, "--json")).out());
        assertEquals(2, all.size());
        JsonNode first = all.get(0);
        assertEquals(8, first.get("m").intValue());
        assertEquals(16, first.get("n").intValue());
        assertEquals(4, first.get("k").intValue());
        assertEquals("gemm 8x16x4 NT", first.get("case").stringValue());
        assertEquals("f32", first.get("precision").stringValue());
        for (String key : List.of("threads", "gflops", "peak_gflops", "peak_gbytes_per_s")) {
            assertTrue(first.get(key).doubleValue() > 0, key);
        }
        assertTrue(first.get("peak_how").stringValue().contains("fused multiply-adds"));
    }

    @Test
    void benchGenerateTellsTheFirstTokenFromTheOthers() {
        String[] one = {
            "bench", "generate", "--prompt=2", "--new=1", "--rounds=1", "--precision=bf16"
        };
        JsonNode all = JsonMapper.shared().readTree(Cli.ok(with(one, "--json")).out());
        for (String key :
                List.of(
                        "first_token_s",
                        "copy_gbytes_per_s",
                        "read_gbytes_per_s",
                        "peak_rss_mib")) {
            assertTrue(all.get(key).doubleValue() > 0, key);
        }
        assertEquals(2, all.get("prompt").intValue());
        assertTrue(all.has("tokens_per_s") && all.has("share_of_copy"));
        // All weights but the table of embeddings, and two rows of the cache.
        long layer = 4L * 512 * 512 + 3L * 512 * 1408 + 2 * 512;
        long read = 2 * (8 * layer + 512 + 32000L * 512) + 4 * 2 * 2 * 8 * 512;
        assertEquals(read, all.get("bytes_per_token").longValue());
    }

    @Test
    void benchOpenTellsTimeAndHeapAndLeavesNothing() {
        String said = Cli.ok("bench", "open", "--shape", "small", "--rounds", "1", "--json").out();
        JsonNode all = JsonMapper.shared().readTree(said);
        assertTrue(all.get("open_s").doubleValue() > 0);
        assertTrue(all.get("file_mib").doubleValue() > 100);
        assertTrue(all.get("heap_kib").doubleValue() < 8192, said);
    }

    @Test
    void benchOfAnyFamilySaysHowThePeakWasFound() {
        String said = Cli.ok("bench", "norm", "--sizes", "4x8", "--rounds", "1").out();
        assertTrue(said.startsWith("peak ") && said.contains("chains of fused"), said);
        assertTrue(said.lines().anyMatch(l -> l.startsWith("norm 4x8 ")), said);
    }

    @Test
    void whatTheSystemSaysBecomesOneLine() {
        assertEquals("a b", Failure.of(new IllegalStateException("a\n\tb\n")).line());
        assertEquals(1, Failure.of(new OutOfMemoryError()).exitCode());
        assertTrue(Failure.of(new OutOfMemoryError()).line().contains("smaller batch"));
        assertEquals(1, Failure.of(new NullPointerException()).exitCode());
        assertFalse(Failure.of(new NullPointerException()).line().isEmpty());
    }
}
