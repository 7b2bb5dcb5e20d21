package org.lugha.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.CausalLM;
import org.lugha.models.ModelFiles;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import tools.jackson.databind.JsonNode;

class ScoreTest {
    private static final int EOS = 0;

    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    private String[] args(String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "score",
                                "--model",
                                tiny.base().toString(),
                                "--input",
                                tiny.path("in.jsonl"),
                                "--output",
                                tiny.path("out.jsonl")));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    private List<JsonNode> score(String... lines) {
        tiny.file("in.jsonl", lines);
        Cli.ok(args());
        return tiny.json("out.jsonl");
    }

    private String ids(String text, int... more) {
        int[] ids = tiny.tokenizer().encode(text).ids();
        int[] all = Arrays.copyOf(ids, ids.length + more.length);
        System.arraycopy(more, 0, all, ids.length, more.length);
        return Arrays.toString(all);
    }

    @Test
    void threeKindsOfLinesInOrder() {
        List<JsonNode> s =
                score(
                        "{\"text\": \"watoto wanasoma vitabu\"}",
                        "{\"prompt\": \"the teacher\", \"completion\": \" reads\"}",
                        "",
                        "{\"input_ids\": [5, 6, 7, 8], \"labels\": [-100, -100, 7, 8]}",
                        "{\"input_ids\": [5, 6, 7, 8]}");
        assertEquals(4, s.size());
        for (JsonNode line : s) {
            double nll = line.get("nll").doubleValue();
            assertEquals(
                    nll / line.get("counted_tokens").intValue(), line.get("loss").doubleValue());
        }
        assertEquals(
                List.of("loss", "nll", "counted_tokens", "bits_per_byte"),
                List.copyOf(s.get(0).propertyNames()));
        assertEquals(
                s.get(0).get("nll").doubleValue() / Math.log(2) / 22,
                s.get(0).get("bits_per_byte").doubleValue(),
                1e-9);
        assertFalse(s.get(1).has("bits_per_byte"));
        assertEquals(2, s.get(2).get("counted_tokens").intValue());
        assertEquals(3, s.get(3).get("counted_tokens").intValue());
    }

    @Test
    void textAndAnswersAreTheirIds() {
        int[] answer = tiny.tokenizer().encode("the teacher reads").ids();
        int prompt = tiny.tokenizer().encode("the teacher").ids().length;
        int[] labels = Arrays.copyOf(answer, answer.length + 1);
        Arrays.fill(labels, 0, prompt, -100);
        labels[answer.length] = EOS;
        List<JsonNode> s =
                score(
                        "{\"text\": \"watoto wanasoma\"}",
                        "{\"input_ids\": " + ids("watoto wanasoma") + "}",
                        "{\"prompt\": \"the teacher\", \"completion\": \" reads\"}",
                        "{\"input_ids\": "
                                + ids("the teacher reads", EOS)
                                + ", \"labels\": "
                                + Arrays.toString(labels)
                                + "}");
        assertEquals(s.get(1).get("nll"), s.get(0).get("nll"), "text gets no end token");
        assertEquals(s.get(3).get("nll"), s.get(2).get("nll"), "an answer gets one");
        assertEquals(s.get(3).get("counted_tokens"), s.get(2).get("counted_tokens"));
    }

    @Test
    void whereNothingCountsThereIsNoLoss() {
        for (JsonNode line :
                score(
                        "{\"input_ids\": [5, 6], \"labels\": [5, -100]}",
                        "{\"input_ids\": []}",
                        "{\"input_ids\": [5]}",
                        "{\"text\": \"\"}",
                        "{\"text\": \"a\"}")) {
            assertTrue(line.get("loss").isNull());
            assertEquals(0, line.get("nll").doubleValue());
            assertEquals(0, line.get("counted_tokens").intValue());
            assertFalse(line.has("bits_per_byte"), "not a misleading 0");
        }
    }

    @Test
    void paddingDoesNotCountAndChangesNothing() {
        List<JsonNode> s =
                score(
                        "{\"input_ids\": [5, 6, 7]}",
                        "{\"input_ids\": [5, 6, 7, 0, 0], \"attention_mask\": [1, 1, 1, 0, 0]}");
        assertEquals(s.get(0), s.get(1));
    }

    @Test
    void logitsGiveTheSameLoss() {
        tiny.file(
                "in.jsonl",
                "{\"input_ids\": [5, 6, 7, 8]}",
                "{\"input_ids\": [9, 8, 0], \"attention_mask\": [1, 1, 0]}");
        Cli.ok(args("--logits", tiny.path("l.safetensors")));
        try (SafeTensors file = SafeTensors.open(folder.resolve("l.safetensors"))) {
            assertEquals(List.of("logits.0", "logits.1"), List.copyOf(file.entries().keySet()));
            Entry first = file.entries().get("logits.0");
            assertArrayEquals(new long[] {4, Tiny.VOCABULARY}, first.shape());
            assertArrayEquals(
                    new long[] {3, Tiny.VOCABULARY}, file.entries().get("logits.1").shape());
            assertEquals("F32", first.dtype().toString());
            double nll = nll(first, 0, 6) + nll(first, 1, 7) + nll(first, 2, 8);
            assertEquals(nll, tiny.json("out.jsonl").getFirst().get("nll").doubleValue(), 1e-4);
        }
    }

    private static double nll(Entry logits, int row, int label) {
        double sum = 0;
        for (int v = 0; v < Tiny.VOCABULARY; v++) {
            sum += Math.exp(at(logits, row, v));
        }
        return Math.log(sum) - at(logits, row, label);
    }

    private static double at(Entry logits, int row, int column) {
        long i = (long) row * Tiny.VOCABULARY + column;
        return logits.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES);
    }

    @Test
    void anAdapterChangesTheLoss() {
        Cli.ok("train", "--config", tiny.run(), "--set", "optimizer.lr=0.02");
        List<JsonNode> plain = score("{\"input_ids\": [5, 6, 7, 8]}");
        Cli.ok(args("--adapter", tiny.path("out/adapter")));
        assertNotEquals(plain.getFirst().get("nll"), tiny.json("out.jsonl").getFirst().get("nll"));
    }

    @Test
    void withoutATokenizerOnlyIdsAreScored() throws Exception {
        Files.delete(tiny.base().resolve("tokenizer.json"));
        score("{\"input_ids\": [5, 6, 7, 8]}");
        tiny.file("in.jsonl", "{\"input_ids\": [5, 6]}", "{\"text\": \"a\"}");
        String line = Cli.refusal(args());
        assertTrue(line.contains("in.jsonl:2: holds no input_ids"), line);
    }

    @Test
    void whatIsWrongNamesTheLineAndLeavesNothing() {
        for (String[] bad :
                new String[][] {
                    {"", "is empty"},
                    {"{\"input_ids\": [5, 280]}", "in.jsonl:1: input_ids holds 280"},
                    {"{\"input_ids\": [5, 6], \"labels\": [5, -7]}", ":1: labels holds -7"},
                    {"{\"txt\": \"a\"}", ":1: needs text, prompt and completion, or input_ids"},
                    {"{\"prompt\": \"a\"}", ":1: needs \"completion\""},
                    {"{\"text\": 1}", ":1: needs \"text\" as text, got 1"},
                }) {
            tiny.file("in.jsonl", bad[0]);
            List<String> before = tiny.listing();
            String line = Cli.refusal(args("--logits", tiny.path("l.safetensors")));
            assertTrue(line.contains(bad[1]), line);
            assertEquals(before, tiny.listing());
        }
        tiny.bytes("in.jsonl", "{\"text\": \"\u00e9\"}\n".getBytes(UTF_8));
        for (String logits : List.of(tiny.base().toString(), tiny.path("in.jsonl/x"))) {
            List<String> before = tiny.listing();
            String line = Cli.refusal(args("--logits", logits));
            assertTrue(line.contains("cannot write " + logits), line);
            assertEquals(before, tiny.listing(), "no losses without the logits");
        }
    }

    /** Stored narrow, held narrow, and what comes out is what the same weights give widened. */
    @Test
    void weightsStayAsTheyAreStored() {
        try (var model = CausalLM.load(tiny.base(), Devices.get("cpu"), DType.BF16)) {
            model.save(folder.resolve("narrow"));
        }
        assertEquals(DType.BF16, ModelFiles.heldType(folder.resolve("narrow")));
        assertEquals(DType.F32, ModelFiles.heldType(tiny.base()));
        tiny.file("in.jsonl", "{\"input_ids\": [5, 6, 7, 8, 9, 10]}");
        double[] loss = new double[3];
        String[] precisions = {"auto", "f32", "bf16"};
        for (int i = 0; i < loss.length; i++) {
            Cli.ok(
                    "score",
                    "--model",
                    tiny.path("narrow"),
                    "--input",
                    tiny.path("in.jsonl"),
                    "--output",
                    tiny.path("out.jsonl"),
                    "--precision",
                    precisions[i]);
            loss[i] = tiny.json("out.jsonl").getFirst().get("loss").doubleValue();
        }
        assertEquals(loss[2], loss[0], 0);
        assertEquals(loss[1], loss[0], 1e-5);
        tiny.file("in.jsonl", "{\"input_ids\": [5, 6]}");
        assertTrue(Cli.refusal(args("--precision", "f8")).contains("auto, f32 or bf16"));
    }
}
