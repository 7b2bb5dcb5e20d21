package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lugha evaluate --model}: figures by language, and beside the base's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluateModelTest {
    private Tiny tiny;
    private String data;
    private String swahili;
    private String adapter;

    @BeforeAll
    void anAdapter(@TempDir Path folder) {
        tiny = Tiny.in(folder);
        data =
                tiny.file(
                        "dev.jsonl",
                        "{\"src_lang\":\"eng\",\"tgt_lang\":\"yor\",\"src\":\"book\",\"tgt\":\"ìwé\"}",
                        "{\"src_lang\":\"eng\",\"tgt_lang\":\"ibo\",\"src\":\"a\",\"tgt\":\"b\"}");
        swahili = tiny.file("swa.txt", "watoto wanasoma", "vitabu");
        Cli.ok("train", "--config", tiny.run(), "--set", "optimizer.lr=0.1");
        adapter = tiny.path("out/adapter");
    }

    private Cli run(String... more) {
        List<String> args = new ArrayList<>(List.of("evaluate", "--model", tiny.path("base")));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private JsonNode json(String... more) {
        Cli cli = run(more);
        assertEquals(0, cli.exit(), cli.err());
        return JsonMapper.shared().readTree(cli.out());
    }

    @Test
    void figuresByLanguage() {
        JsonNode all =
                json(
                        "--data",
                        data,
                        "--json",
                        "--samples",
                        tiny.path("said.jsonl"),
                        "--metrics=loss,bits_per_byte,chrf++",
                        "--max-new-tokens=4");
        assertEquals(List.of("total", "languages"), List.copyOf(all.propertyNames()));
        JsonNode yor = all.get("languages").get("yor");
        assertEquals(6, yor.get("bytes").longValue(), "a blank and ìwé");
        assertEquals(1, yor.get("answers").intValue());
        assertTrue(yor.get("chrf++").get("signature").stringValue().contains("|nw:2|"));
        double nll = 0;
        long counted = 0;
        for (String language : List.of("yor", "ibo")) {
            JsonNode l = all.get("languages").get(language);
            nll += l.get("loss").doubleValue() * l.get("counted_tokens").longValue();
            counted += l.get("counted_tokens").longValue();
        }
        assertEquals(nll / counted, all.get("total").get("loss").doubleValue(), 1e-9);
        assertEquals("ìwé", tiny.json("said.jsonl").get(0).get("reference").stringValue());
        // score counts a line's completion in the same way
        tiny.file("one.jsonl", "{\"prompt\":\"eng: book\\nyor:\",\"completion\":\" ìwé\"}");
        Cli.ok(
                "score",
                "--model",
                tiny.path("base"),
                "--input",
                tiny.path("one.jsonl"),
                "--output",
                tiny.path("scored.jsonl"));
        double scored = tiny.json("scored.jsonl").get(0).get("loss").doubleValue();
        assertEquals(scored, yor.get("loss").doubleValue(), 1e-6);
    }

    @Test
    void forgettingIsTheDifferenceThatTheAdapterMakes() {
        String report = tiny.path("report.json");
        JsonNode all =
                json(
                        "--adapter",
                        adapter,
                        "--data",
                        data,
                        "--forgetting",
                        "swa=" + swahili,
                        "--json",
                        "--output",
                        report);
        JsonNode base = json("--data", "swa=" + swahili, "--json");
        JsonNode forgetting = all.get("forgetting");
        assertEquals(base.get("languages"), forgetting.get("before").get("languages"));
        double before = base.get("languages").get("swa").get("loss").doubleValue();
        double after = forgetting.get("languages").get("swa").get("loss").doubleValue();
        double change =
                forgetting.get("difference").get("languages").get("swa").get("loss").doubleValue();
        assertEquals(after - before, change, 1e-12);
        assertTrue(Math.abs(change) > 1e-4, "a wild adapter");
        // against the report: nothing has changed
        JsonNode same = json("--adapter", adapter, "--data", data, "--before", report, "--json");
        assertEquals(0, same.get("difference").get("total").get("loss").doubleValue());
        assertFalse(same.has("forgetting"));
        List<String> lines =
                run("--adapter", adapter, "--data", data, "--before=base", "--metrics=loss")
                        .out()
                        .lines()
                        .toList();
        assertTrue(lines.get(0).startsWith("language"), lines::toString);
        assertTrue(lines.get(2).startsWith("  before") && lines.get(3).startsWith("  change"));
        assertEquals(1 + 3 * 3, lines.size(), "two languages and all");
    }

    @Test
    void whatIsWrongGetsOneLine() {
        String[][] wrong = {
            {"needs --data FILE"},
            {"no such file", "--data", "none.jsonl"},
            {"did you mean completion?", "--data", data, "--format=completon"},
            {"did you mean perplexity?", "--data", data, "--metrics=perplexty"},
            {"--before base needs --adapter", "--data", data, "--before=base"},
            {"--forgetting compares", "--forgetting", swahili},
            {"needs prompts to answer", "--data", swahili, "--metrics=chrf"},
            {"cannot be read as JSON", "--data", data, "--before", swahili},
            {"'languages' as evaluate".replace('\'', '"'), "--data", data, "--before", json()},
            {"--sentences goes with", "--data", data, "--sentences", tiny.path("x")},
            {":1: needs \"prompt\"", "--data", data, "--format=completion"},
        };
        for (String[] w : wrong) {
            String[] args = List.of(w).subList(1, w.length).toArray(String[]::new);
            Cli cli = run(args);
            assertEquals(2, cli.exit(), w[0] + cli.err());
            Refused.says(cli.lastLine(), w[0]);
        }
        Refused.says(
                Cli.refusal("evaluate", "--hypotheses", data, "--references", data, "--data", data),
                "go with --model");
    }

    private String json() {
        return tiny.file("other.json", "{}");
    }
}
