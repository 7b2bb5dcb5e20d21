package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.json.JsonMapper;

/** {@code tokenizer train} as it is called. */
class TokenizerTrainTest {
    @TempDir private Path folder;

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private String out() {
        return folder.resolve("made/tok").toString();
    }

    private String[] with(String input, String model, String size, String... more) {
        var all =
                new java.util.ArrayList<>(
                        List.of("tokenizer", "train", "--input", input, "--model", model));
        all.addAll(List.of("--vocab-size", size, "--output", out()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void everyFormatOfData() throws IOException {
        String a = file("a.txt", "\uFEFFwatoto wanasoma\r\n\n watoto wanasoma\n");
        String b =
                file(
                        "b.jsonl",
                        """
                        {"text": "vitabu vipya"}
                        {"prompt": "vitabu", "completion": "vipya"}
                        {"messages": [{"role": "user", "content": "habari"}]}
                        """);
        String c = file("c.tsv", "src\ttgt\nbooks\tvitabu\n");
        Cli cli =
                Cli.ok(
                        "tokenizer",
                        "train",
                        "--input",
                        a,
                        b,
                        "--input",
                        c,
                        "--model",
                        "BPE",
                        "--vocab-size",
                        "290",
                        "--special-tokens",
                        "<swa>,<yor>",
                        "--output",
                        out(),
                        "--json");
        var made = JsonMapper.shared().readTree(cli.out());
        assertEquals(8, made.get("texts").intValue());
        assertEquals("bpe", made.get("model").stringValue());
        assertEquals(290, made.get("asked_for").intValue());
        Tokenizer tokenizer = Tokenizer.load(Path.of(out()));
        assertEquals(made.get("vocab_size").intValue(), tokenizer.vocabSize());
        assertTrue(tokenizer.id("<yor>").isPresent());
        assertEquals("a\uFEFFé", tokenizer.decode(tokenizer.encode("a\uFEFFé").ids(), true));
        assertTrue(Files.exists(Path.of(out(), "tokenizer_config.json")));
    }

    @Test
    void saysHowManyTokensThereAre() throws IOException {
        String text = file("a.txt", "kitabu kitabu kitabu kipya kipya vitabu vipya\n".repeat(9));
        Cli cli = Cli.ok(with(text, "unigram", "500", "--byte-fallback", "--threads", "2"));
        assertTrue(cli.err().contains("tokens of 500, the text has no more"), cli.err());
        assertTrue(cli.out().contains("from 9 texts of 63 words, 4 of them different"), cli.out());
        String again = Cli.refusal(with(text, "unigram", "500"));
        assertTrue(again.contains("is there already; choose another name"), again);
    }

    @Test
    void wrongRequestsInOneLine() throws IOException {
        String text = file("a.txt", "one two\n");
        record Case(String said, String[] args) {}
        List<Case> cases =
                List.of(
                        new Case("of at least 259 (256 bytes", with(text, "bpe", "100")),
                        new Case("characters of the text), got 5", with(text, "unigram", "5")),
                        new Case("'wordpiece'", with(text, "wordpiece", "500")),
                        new Case("--vocab-size", with(text, "bpe", "many")),
                        new Case("no such file", with(text + ".gone.txt", "bpe", "300")),
                        new Case("not a file", with(folder.toString(), "bpe", "300")),
                        new Case("is empty", with(file("b.txt", "\n \n"), "bpe", "300")),
                        new Case(
                                "c.jsonl:2: needs \"text\"",
                                with(
                                        file("c.jsonl", "{\"text\": \"a\"}\n{\"text\": 1}"),
                                        "bpe",
                                        "300")),
                        new Case(
                                "d.jsonl:1: has no text",
                                with(file("d.jsonl", "{\"input_ids\": [1]}"), "bpe", "300")),
                        new Case(
                                "--min-frequency is for --model bpe",
                                with(text, "unigram", "300", "--min-frequency", "3")),
                        new Case(
                                "--character-coverage is for",
                                with(text, "bpe", "300", "--character-coverage", "0.9")),
                        new Case(
                                "--split is for",
                                with(text, "bpe", "600", "--byte-fallback", "--split", "gpt2")),
                        new Case(
                                "above 0 and up to 1",
                                with(text, "unigram", "300", "--character-coverage", "7")),
                        new Case("--threads", with(text, "bpe", "300", "--threads", "0")));
        for (Case c : cases) {
            String line = Cli.refusal(c.args);
            assertTrue(line.contains(c.said), () -> c.said + " | " + line);
            assertFalse(Files.exists(folder.resolve("made")), line);
        }
    }

    @Test
    void bytesThatAreNoTextAreNamedByLine() throws IOException {
        Path bad = folder.resolve("bad.txt");
        byte[] bytes =
                "first\nsecond \u00e9\nthird\n"
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.write(bad, bytes);
        String line = Cli.refusal(with(bad.toString(), "bpe", "300"));
        assertTrue(line.contains("bad.txt:2: is not valid UTF-8"), line);
        assertFalse(Files.exists(folder.resolve("made")));
    }
}
