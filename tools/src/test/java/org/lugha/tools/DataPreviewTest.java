package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataPreviewTest {
    @TempDir private static Path folder;
    private static String pairs;

    @BeforeAll
    static void files() throws IOException {
        new Tiny(folder).tokenizer().save(Files.createDirectory(folder.resolve("base")));
        pairs =
                Files.writeString(
                                folder.resolve("pairs.jsonl"),
                                """
                                {"prompt":"mwalimu","completion":" kitabu"}
                                {"prompt":"watoto","completion":" <b> vitabu\\n"}
                                {"prompt":"a","completion":" c"}
                                """)
                        .toString();
    }

    private static String base() {
        return folder.resolve("base").toString();
    }

    @Test
    void whatCountsStandsInBracketsOrInColour() {
        String[] ask = {"data", "preview", "--input", pairs, "--tokenizer", base()};
        String plain = Cli.ok(ask).out();
        assertFalse(plain.contains("\u001b"), "no colours in a pipe");
        assertTrue(plain.contains("[<|eos|>]"), plain);
        assertTrue(plain.contains("pairs.jsonl:2"), plain);
        assertTrue(plain.contains("\u21B5"), "a line break can be seen: " + plain);
        String first = plain.lines().skip(1).findFirst().orElseThrow();
        assertFalse(first.substring(0, first.indexOf('[')).contains("kitabu"), first);
        assertEquals("mwalimu kitabu<|eos|>", first.replaceAll("[\\[\\]\u2502]", ""), first);
        String[] colored = java.util.Arrays.copyOf(ask, ask.length + 1);
        colored[ask.length] = "--color";
        assertTrue(Cli.ok(colored).out().contains("\u001b[1;32m"));
    }

    @Test
    void thePageStandsAlone() throws IOException {
        Path page = folder.resolve("page.html");
        Cli.ok(
                "data",
                "preview",
                "--input",
                pairs,
                "--format",
                "completion",
                "--tokenizer",
                base(),
                "--limit",
                "2",
                "--html",
                page.toString());
        String html = Files.readString(page);
        assertTrue(html.contains("<mark class=\"name\">&lt;|eos|&gt;</mark>"), html);
        assertFalse(html.contains("<b> vitabu"), "text is escaped");
        assertFalse(html.contains("http"), "nothing is loaded");
        assertFalse(html.contains("pairs.jsonl:3"), "two examples were asked for");
    }

    @Test
    void jsonTellsTheSame() {
        String line =
                Cli.ok(
                                "data",
                                "preview",
                                "--input",
                                pairs,
                                "--format",
                                "completion",
                                "--tokenizer",
                                base(),
                                "--json",
                                "--loss",
                                "all")
                        .out()
                        .lines()
                        .findFirst()
                        .orElseThrow();
        JsonNode o = JsonMapper.shared().readTree(line);
        assertEquals(o.get("tokens").intValue() - 1, o.get("counted_tokens").intValue());
        assertEquals(1, o.get("line").intValue());
        assertEquals(
                "<|eos|>",
                o.get("spans").valueStream().toList().getLast().get("text").stringValue());
    }

    @Test
    void aRunSaysItself() throws IOException {
        Path config = folder.resolve("run.yaml");
        Files.writeString(
                config,
                "model: {config: tiny.json}\ntokenizer: {path: %s}\nsteps: 1\noutput: o\n"
                                .formatted(base())
                        + "data: {train: [{path: %s, format: completion}], max_length: 8}\n"
                                .formatted(pairs));
        String out = Cli.ok("data", "preview", "--config", config.toString()).out();
        assertTrue(out.contains("8 tokens count"), out);
        assertTrue(
                Cli.refusal("data", "preview", "--config", config.toString(), "--loss", "all")
                        .contains("use --set"));
    }

    @Test
    void whatIsMissingIsNamed() {
        assertTrue(Cli.refusal("data", "preview").contains("--config RUN.yaml or --input"));
        assertTrue(Cli.refusal("data", "preview", "--input", pairs).contains("--tokenizer"));
        assertTrue(
                Cli.refusal(
                                "data",
                                "preview",
                                "--input",
                                pairs,
                                "--tokenizer",
                                base(),
                                "--format",
                                "chat")
                        .contains("chat template"));
    }
}
