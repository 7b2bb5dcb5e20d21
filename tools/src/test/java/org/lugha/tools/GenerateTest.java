package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;

class GenerateTest {
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
                                "generate",
                                "--model",
                                tiny.base().toString(),
                                "--max-new-tokens",
                                "6"));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    private String prompt(String... more) {
        List<String> args = new ArrayList<>(List.of("--prompt", "the teacher"));
        args.addAll(List.of(more));
        return Cli.ok(args(args.toArray(String[]::new))).out();
    }

    private List<JsonNode> file(String... lines) {
        tiny.file("in.jsonl", lines);
        Cli.ok(args("--input", tiny.path("in.jsonl"), "--output", tiny.path("out.jsonl")));
        return tiny.json("out.jsonl");
    }

    private static int[] ids(JsonNode line) {
        return IntStream.range(0, line.get("token_ids").size())
                .map(i -> line.get("token_ids").get(i).intValue())
                .toArray();
    }

    @Test
    void greedyIsTheDefaultAndRepeats() {
        assertEquals(prompt(), prompt("--seed", "7"));
        assertEquals(prompt(), prompt("--temperature", "0", "--top-k", "3"));
        assertTrue(prompt().endsWith("\n"));
        assertFalse(prompt().startsWith("the teacher"), "new tokens only");
    }

    @Test
    void drawsAreAFunctionOfTheSeed() {
        String[] seven = {"--temperature", "1.5", "--seed", "7"};
        assertEquals(prompt(seven), prompt(seven));
        assertNotEquals(prompt(seven), prompt("--temperature", "1.5", "--seed", "8"));
        assertEquals(prompt(), prompt("--temperature", "1.5", "--top-k", "1"));
        assertEquals(prompt(), prompt("--temperature", "1.5", "--top-p", "1e-6"));
    }

    @Test
    void linesOfAFileAreAnsweredInOrder() {
        List<JsonNode> out =
                file(
                        "{\"prompt\": \"the teacher\"}",
                        "{\"input_ids\": [5, 6, 7]}",
                        "{\"prompt\": \"watoto\"}");
        assertEquals(3, out.size());
        Tokenizer tokenizer = tiny.tokenizer();
        for (JsonNode line : out) {
            assertEquals(List.of("text", "token_ids"), List.copyOf(line.propertyNames()));
            assertEquals(tokenizer.decode(ids(line), true), line.get("text").stringValue());
            assertTrue(ids(line).length <= 6);
        }
        assertEquals(prompt(), out.getFirst().get("text").stringValue() + "\n");
        assertEquals(out.get(2), file("{\"prompt\": \"watoto\"}").getFirst(), "each as alone");
    }

    @Test
    void linesInABatchAreAnsweredAsAlone() {
        tiny.file(
                "in.jsonl",
                "{\"prompt\": \"the teacher reads a book\"}",
                "{\"input_ids\": [5]}",
                "{\"prompt\": \"watoto\"}",
                "{\"input_ids\": [5, 6, 7]}",
                "{\"prompt\": \"the teacher\"}");
        String[] drawn = {"--temperature=1.5", "--stop=a", "--repetition-penalty=1.3"};
        for (String[] how : new String[][] {{}, drawn}) {
            List<List<JsonNode>> all = new ArrayList<>();
            for (String rows : List.of("1", "3")) {
                List<String> more = new ArrayList<>(List.of(how));
                more.addAll(List.of("--input", tiny.path("in.jsonl"), "--batch", rows));
                more.addAll(List.of("--output", tiny.path("out.jsonl")));
                Cli.ok(args(more.toArray(String[]::new)));
                all.add(tiny.json("out.jsonl"));
            }
            assertEquals(all.get(0), all.get(1));
        }
        assertTrue(Cli.refusal(args("--prompt", "a", "--batch", "0")).contains("--batch"));
    }

    @Test
    void anEndTokenIsAmongTheIdsAndNotInTheText() {
        // Trained until it answers with the end token and nothing else.
        tiny.file("c.jsonl", "{\"prompt\": \"the teacher\", \"completion\": \"\"}");
        String data = "data={train: [{path: '" + tiny.path("c.jsonl") + "', format: completion}]}";
        Cli.ok(
                "train",
                "--config",
                tiny.run(),
                "--set",
                data,
                "--set",
                "optimizer.lr=0.05",
                "--set",
                "method={type: full}",
                "--set",
                "steps=20",
                "--set",
                "batch.sequences=1");
        tiny.file("in.jsonl", "{\"prompt\": \"the teacher\"}");
        Cli.ok(
                "generate",
                "--model",
                tiny.path("out/model"),
                "--input",
                tiny.path("in.jsonl"),
                "--output",
                tiny.path("out.jsonl"));
        JsonNode line = tiny.json("out.jsonl").getFirst();
        assertEquals(List.of(EOS), IntStream.of(ids(line)).boxed().toList());
        assertEquals("", line.get("text").stringValue());
    }

    /** As transformers does; models that chat end a turn with another token than a text. */
    @Test
    void theEndTokensOfGenerationConfigCount() throws Exception {
        String line = "{\"input_ids\": [5, 6, 7]}";
        int first = ids(file(line).getFirst())[0];
        Files.writeString(
                tiny.base().resolve("generation_config.json"),
                "{\"eos_token_id\": [2, " + first + "]}");
        assertEquals(List.of(first), IntStream.of(ids(file(line).getFirst())).boxed().toList());
    }

    @Test
    void withoutATokenizerThereAreIdsAlone() throws Exception {
        Files.delete(tiny.base().resolve("tokenizer.json"));
        JsonNode line = file("{\"input_ids\": [5, 6, 7]}").getFirst();
        assertEquals(List.of("token_ids"), List.copyOf(line.propertyNames()));
        String refusal = Cli.refusal(args("--prompt", "a"));
        assertTrue(refusal.contains("no tokenizer.json"), refusal);
    }

    @Test
    void anAdapterIsUsedWithItsTokenizer() {
        Cli.ok("train", "--config", tiny.run(), "--set", "optimizer.lr=0.1", "--set", "steps=9");
        assertNotEquals(prompt(), prompt("--adapter", tiny.path("out/adapter")));
    }

    @Test
    void whatIsWrongGetsOneLineAndLeavesNothing() {
        for (String[] bad :
                new String[][] {
                    {"", "is empty"},
                    {"{\"prompt\": \"\"}", "in.jsonl:1: the prompt is empty"},
                    {"{\"input_ids\": []}", ":1: the prompt is empty"},
                    {"{\"input_ids\": [300]}", ":1: input_ids holds 300"},
                    {"{\"messages\": []}", "has no chat template"},
                    {"{\"text\": \"a\"}", ":1: needs prompt as text, messages or input_ids"},
                    {"{\"prompt\": 4}", ":1: needs \"prompt\" as text, got 4"},
                }) {
            tiny.file("in.jsonl", bad[0]);
            List<String> before = tiny.listing();
            String line =
                    Cli.refusal(args("--input", tiny.path("in.jsonl"), "--output", tiny.path("o")));
            assertTrue(line.contains(bad[1]), line);
            assertEquals(before, tiny.listing());
        }
        for (String[] bad :
                new String[][] {
                    {"--temperature", "-1"},
                    {"--temperature", "NaN"},
                    {"--temperature", "x"},
                    {"--top-p", "0"},
                    {"--top-p", "1.5"},
                    {"--top-k", "-1"},
                    {"--max-new-tokens", "0"},
                    {"--seed", "1.5"},
                    {"--device", "tpu"},
                }) {
            List<String> args = new ArrayList<>(List.of("generate", "--model"));
            args.addAll(List.of(tiny.base().toString(), "--prompt", "a", bad[0], bad[1]));
            String line = Cli.refusal(args.toArray(String[]::new));
            assertTrue(line.contains(bad[0].replace("--", "")) && line.contains(bad[1]), line);
        }
        assertTrue(Cli.refusal(args()).contains("--prompt"));
        assertTrue(Cli.refusal(args("--input", "x")).contains("--output"));
        assertTrue(Cli.refusal(args("--prompt", "")).contains("empty"));
    }

    @Test
    void aStreamPrintsWhatIsPrintedAtOnceAndStopStringsCutIt() {
        String whole = prompt();
        assertEquals(whole, prompt("--stream"));
        String text = whole.substring(0, whole.length() - 1);
        String stop = text.substring(text.length() / 2, text.length() / 2 + 1);
        String cut = text.substring(0, text.indexOf(stop)) + "\n";
        assertEquals(cut, prompt("--stop", stop));
        assertEquals(cut, prompt("--stop", stop, "--stream"));
        assertEquals(prompt("--beams", "3"), prompt("--beams", "3", "--stream"));
        assertTrue(
                Cli.refusal(args("--prompt", "a", "--beams", "2", "--stop", "x"))
                        .contains("--stop"));
        assertTrue(
                Cli.refusal(args("--prompt", "a", "--beams", "2", "--temperature", "1"))
                        .contains("--temperature"));
        assertTrue(Cli.refusal(args("--prompt", "a", "--repetition-penalty", "0")).contains("0"));
    }

    @Test
    void messagesGoThroughTheTemplateOfTheModel() throws java.io.IOException {
        Files.writeString(
                tiny.base().resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m.content }} {% endfor %}"
                        + "{% if add_generation_prompt %}anasoma{% endif %}"
                        + "{% if messages|length > 2 %}{{ raise_exception('too long') }}{% endif %}");
        int[] ids = tiny.tokenizer().encode("watoto kitabu anasoma", false).ids();
        List<JsonNode> out =
                file(
                        "{\"messages\": [{\"role\": \"system\", \"content\": \"watoto\"},"
                                + " {\"role\": \"user\", \"content\": \"kitabu\"}]}",
                        "{\"input_ids\": " + java.util.Arrays.toString(ids) + "}");
        assertEquals(out.get(1), out.get(0));
        tiny.file("in.jsonl", "{\"messages\": [{}, {}, {}]}");
        String line =
                Cli.refusal(args("--input", tiny.path("in.jsonl"), "--output", tiny.path("o")));
        assertTrue(line.contains(":1:") && line.contains("too long"), line);
    }
}
