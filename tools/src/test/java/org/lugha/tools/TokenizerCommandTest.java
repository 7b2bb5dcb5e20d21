package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizerCommandTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void tokenizer() throws IOException {
        tiny = new Tiny(folder);
        Files.createDirectory(tiny.base());
        tiny.tokenizer().save(tiny.base());
    }

    private Cli run(String command, String input, String output, String... more) {
        String[] fixed = {
            "tokenizer", command, "--tokenizer", tiny.base().toString(), "--input", input
        };
        String[] all = java.util.Arrays.copyOf(fixed, fixed.length + 2 + more.length);
        all[fixed.length] = "--output";
        all[fixed.length + 1] = output;
        System.arraycopy(more, 0, all, fixed.length + 2, more.length);
        return Cli.run(all);
    }

    private static int[] ids(JsonNode line) {
        return line.get("ids").valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    @Test
    void everyLineAsItIsAndBack() throws IOException {
        String text = "watoto wanasoma\r\n\n the bòok \u1230\u120b\u121d\t\nlast without an end";
        String in = tiny.bytes("in.txt", text.getBytes(StandardCharsets.UTF_8));
        assertEquals(0, run("encode", in, tiny.path("ids.jsonl")).exit());
        List<JsonNode> lines = tiny.json("ids.jsonl");
        String[] expected = text.split("\n", -1);
        Tokenizer t = Tokenizer.load(tiny.base());
        assertEquals(expected.length, lines.size());
        for (int i = 0; i < expected.length; i++) {
            int[] ids = ids(lines.get(i));
            assertArrayEquals(t.encode(expected[i]).ids(), ids);
            assertEquals(ids.length, lines.get(i).get("tokens").size());
            assertEquals(List.of("ids", "tokens"), List.copyOf(lines.get(i).propertyNames()));
        }
        assertEquals("wa", lines.get(0).get("tokens").get(0).stringValue());
        assertEquals(0, run("decode", tiny.path("ids.jsonl"), tiny.path("back.txt")).exit());
        assertEquals(text + "\n", tiny.read("back.txt"));
    }

    @Test
    void textsOfObjectsMayHoldLineFeeds() {
        String in = tiny.file("in.jsonl", "{\"text\": \"a\\nb\"}", "{\"text\": \"\"}");
        assertEquals(0, run("encode", in, tiny.path("ids.jsonl")).exit());
        Cli plain = run("decode", tiny.path("ids.jsonl"), tiny.path("back.txt"));
        assertTrue(plain.err().contains("1 of the texts"), plain.err());
        assertEquals("a\nb\n\n", tiny.read("back.txt"));
        assertEquals(0, run("decode", tiny.path("ids.jsonl"), tiny.path("back.jsonl")).exit());
        assertEquals("{\"text\":\"a\\nb\"}\n{\"text\":\"\"}\n", tiny.read("back.jsonl"));
    }

    @Test
    void specialTokensAreLeftOutUnlessAskedFor() {
        String in = tiny.file("in.txt", "a<|eos|>");
        assertEquals(0, run("encode", in, tiny.path("o.jsonl"), "--no-special-tokens").exit());
        assertEquals(2, tiny.json("o.jsonl").getFirst().get("ids").size());
        assertEquals(0, run("decode", tiny.path("o.jsonl"), tiny.path("a.txt")).exit());
        assertEquals("a\n", tiny.read("a.txt"));
        run("decode", tiny.path("o.jsonl"), tiny.path("b.txt"), "--special-tokens");
        assertEquals("a<|eos|>\n", tiny.read("b.txt"));
    }

    @Test
    void fertilityIsTokensAWordOfEachLanguage() {
        String pairs =
                tiny.file(
                        "pairs.jsonl",
                        "{\"src_lang\":\"eng\",\"tgt_lang\":\"swa\",\"src\":\"the book\",\"tgt\":\"kitabu\"}");
        String one = tiny.file("xyz.txt", "the the zq", "\u1230\u1361\u1230");
        JsonNode all =
                JsonMapper.shared()
                        .readTree(
                                Cli.ok(
                                                "tokenizer",
                                                "info",
                                                "--tokenizer",
                                                tiny.base().resolve("tokenizer.json").toString(),
                                                "--json",
                                                "--input",
                                                pairs,
                                                one,
                                                "again=" + one)
                                        .out());
        assertEquals("BPE", all.get("type").stringValue());
        assertEquals(Tiny.VOCABULARY, all.get("vocabulary").intValue());
        assertEquals("ByteLevel", all.get("decoder").get(0).stringValue());
        assertEquals("{\"bos\":1,\"eos\":0,\"pad\":0}", all.get("roles").toString());
        JsonNode languages = all.get("languages");
        assertEquals(List.of("eng", "swa", "xyz", "again"), List.copyOf(languages.propertyNames()));
        JsonNode xyz = languages.get("xyz");
        assertEquals(xyz, languages.get("again"));
        assertEquals(5, xyz.get("words").intValue());
        assertEquals(13, xyz.get("characters").intValue());
        assertEquals(19, xyz.get("bytes").intValue());
        Tokenizer t = Tokenizer.load(tiny.base());
        int tokens = t.encode("the the zq").size() + t.encode("\u1230\u1361\u1230").size();
        assertEquals(tokens, xyz.get("tokens").intValue());
        assertEquals(tokens / 5.0, xyz.get("fertility").doubleValue(), 1e-12);
        assertEquals(3 / 5.0, xyz.get("continued_word_share").doubleValue(), 1e-12);
        assertEquals(0, xyz.get("unknown_share").doubleValue());
        String text = Cli.ok("tokenizer", "info", "--tokenizer", tiny.base().toString()).out();
        assertTrue(text.contains("<|eos|>"), text);
    }

    private Cli extend(String output, String... more) {
        String text =
                tiny.file("yor.txt", "\u1ecdm\u1ecd n\u00e1\u00e0", "\u1ecdm\u1ecd n\u00e1\u00e0");
        return run("extend", text, output, more);
    }

    @Test
    void extensionGoesWithItsModel() throws IOException {
        tiny.model("model", true);
        Cli cli = extend(tiny.path("more"), "--add", "3", "--model", tiny.path("model"), "--json");
        assertEquals(0, cli.exit(), cli.err());
        JsonNode said = JsonMapper.shared().readTree(cli.out());
        assertEquals(3, said.get("added").intValue());
        assertEquals(280, said.get("first_id").intValue());
        assertTrue(said.get("tokens_after").intValue() < said.get("tokens_before").intValue());
        assertEquals(283, Tokenizer.load(folder.resolve("more")).vocabSize());
        Cli.ok("generate", "--model", tiny.path("more"), "--prompt", "a", "--max-new-tokens", "2");
        assertTrue(extend(tiny.path("more"), "--add", "3").lastLine().contains("is there already"));
        assertTrue(
                extend(tiny.path("more"), "--add", "3", "--overwrite")
                        .lastLine()
                        .contains("holds a model"));
        assertEquals(
                0,
                extend(
                                tiny.path("more"),
                                "--add",
                                "900",
                                "--overwrite",
                                "--model",
                                tiny.path("model"))
                        .exit());
        int size = Tokenizer.load(folder.resolve("more")).vocabSize();
        assertTrue(size > 283 && size < 1180, "as many as repeat: " + size);
    }

    @Test
    void specialTokensComeAloneOrBeforeWhatIsLearned() {
        tiny.model("model", true);
        String[] ask = {
            "tokenizer",
            "extend",
            "--tokenizer",
            tiny.base().toString(),
            "--model",
            tiny.path("model"),
            "--output",
            tiny.path("tags"),
            "--special",
            "<qa>",
            "<yor>"
        };
        assertTrue(Cli.ok(ask).out().contains("2 tokens added, ids 280 to 281"));
        Tokenizer tags = Tokenizer.load(folder.resolve("tags"));
        assertEquals(281, tags.id("<yor>").orElseThrow());
        assertTrue(extend(tiny.path("both"), "--add", "3", "--special", "<qa>").exit() == 0);
        Tokenizer both = Tokenizer.load(folder.resolve("both"));
        assertEquals(280, both.id("<qa>").orElseThrow());
        assertEquals(284, both.vocabSize());
        ask[7] = tiny.path("none");
        String[] nothing = java.util.Arrays.copyOf(ask, 8);
        assertTrue(Cli.refusal(nothing).contains("--special TOKEN"));
    }

    @Test
    void extensionsThatCannotBe() throws IOException {
        Files.createDirectory(folder.resolve("small"));
        List<String> said =
                List.of(
                        extend(tiny.path("x"), "--add", "0").lastLine(),
                        extend(tiny.base().toString(), "--add", "1", "--overwrite").lastLine(),
                        extend(tiny.path("small"), "--add", "1", "--overwrite").lastLine(),
                        extend(tiny.path("x"), "--add", "1", "--model", tiny.path("none"))
                                .lastLine(),
                        run("extend", tiny.file("o.txt", "a"), tiny.path("x"), "--add", "1")
                                .lastLine());
        List<String> words =
                List.of("--add", "holds what is read", "no tokenizer", "none", "repeats nothing");
        for (int i = 0; i < words.size(); i++) {
            assertTrue(said.get(i).contains(words.get(i)), said.get(i));
        }
        assertTrue(Files.notExists(folder.resolve("x")));
    }

    @Test
    void whatIsWrongIsOneLineAndLeavesNothing() {
        String latin = tiny.bytes("latin.txt", (byte) 'a', (byte) '\n', (byte) 0xE9);
        String text = tiny.file("in.txt", "a");
        String out = tiny.path("out.jsonl");
        String[][] wrong = {
            {"encode", tiny.path("none.txt"), "no such file"},
            {"encode", folder.toString(), "not a file"},
            {"encode", latin, "latin.txt:2: is not valid UTF-8"},
            {
                "encode",
                tiny.file("a.jsonl", "{\"text\": \"a\"}", "", "nonsense"),
                "a.jsonl:3: is not"
            },
            {"encode", tiny.file("b.jsonl", "{\"ids\": [1]}"), "needs \"text\""},
            {
                "decode",
                tiny.file("c.jsonl", "{\"ids\": [1]}", "{\"ids\": [280]}"),
                "c.jsonl:2: ids"
            },
            {"decode", tiny.file("d.jsonl", "{\"ids\": [-1]}"), "0 to 279"},
            {"decode", tiny.file("e.jsonl", "{\"ids\": [1.5]}"), "whole number"},
            {"decode", text, "needs \"ids\""},
        };
        List<String> before = tiny.listing();
        for (String[] w : wrong) {
            Cli cli = run(w[0], w[1], out);
            assertEquals(2, cli.exit(), cli.err());
            assertTrue(cli.lastLine().contains(w[2]), cli.lastLine());
            assertEquals(before, tiny.listing());
        }
        assertTrue(run("encode", text, text).lastLine().contains("the same file"));
        assertTrue(
                Cli.refusal("tokenizer", "info", "--tokenizer", tiny.path("none"))
                        .contains("there is none"));
        assertTrue(Cli.refusal("tokenizer").contains("encode, decode, extend, info"));
    }
}
