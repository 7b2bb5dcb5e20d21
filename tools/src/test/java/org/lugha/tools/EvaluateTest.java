package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lugha evaluate} on files of lines; the metrics' own tests are elsewhere. */
class EvaluateTest {
    @TempDir private Path folder;

    private Cli run(String... args) {
        List<String> all = new ArrayList<>(List.of("evaluate"));
        all.addAll(List.of(args));
        return Cli.run(all.toArray(String[]::new));
    }

    private String refusal(String... args) {
        Cli cli = run(args);
        assertEquals(2, cli.exit(), cli.err());
        return cli.lastLine();
    }

    private static JsonNode json(Cli cli) {
        assertEquals(0, cli.exit(), cli.err());
        return JsonMapper.shared().readTree(cli.out());
    }

    @Test
    void scoresAndSignaturesAsJsonAndAsLines() {
        Tiny tiny = new Tiny(folder);
        String hyp = tiny.file("hyp.txt", "the cat sat on the mat", "Habari ya leo");
        String ref = tiny.file("ref.txt", "the cat sat on a mat", "habari za leo");
        JsonNode all = json(run("--hypotheses", hyp, "--references", ref, "--json"));
        assertEquals(List.of("bleu", "chrf", "chrf++", "ter"), List.copyOf(all.propertyNames()));
        // What sacrebleu 2.6.0 gives for these four lines.
        assertEquals(44.17918226831576, all.get("bleu").get("score").doubleValue(), 1e-9);
        assertEquals(60.99188870108867, all.get("chrf").get("score").doubleValue(), 1e-9);
        assertEquals(59.4482613960974, all.get("chrf++").get("score").doubleValue(), 1e-9);
        assertEquals(200.0 / 9, all.get("ter").get("score").doubleValue(), 1e-9);
        assertEquals(
                "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0",
                all.get("bleu").get("signature").stringValue());
        String lines = run("--hypotheses", hyp, "--references", ref, "--metrics", "TER").out();
        assertTrue(lines.startsWith("ter "), lines);
        JsonNode lower =
                json(
                        run(
                                "--hypotheses",
                                hyp,
                                "--references",
                                ref,
                                ref,
                                "--lowercase",
                                "--tokenize=char",
                                "--metrics=bleu",
                                "--json"));
        assertEquals(
                "nrefs:2|case:lc|eff:no|tok:char|smooth:exp|version:2.6.0",
                lower.get("bleu").get("signature").stringValue());
        assertTrue(lower.get("bleu").get("score").doubleValue() > 60);
    }

    @Test
    void linesOfJsonAndOfEverySentence() {
        Tiny tiny = new Tiny(folder);
        String hyp = tiny.file("hyp.jsonl", "{\"said\": \"a\"}", "{\"said\": \"\"}");
        String ref = tiny.file("ref.txt", "a", "b");
        String each = tiny.path("each.jsonl");
        String out = tiny.path("all.json");
        run(
                "--hypotheses",
                hyp,
                "--references",
                ref,
                "--key=said",
                "--metrics=chrf,exact-match",
                "--sentences",
                each,
                "--output",
                out);
        assertEquals(100, tiny.json("each.jsonl").get(0).get("chrf").doubleValue());
        assertEquals(0, tiny.json("each.jsonl").get(1).get("exact_match").doubleValue());
        assertEquals(
                50, tiny.json("all.json").get(0).get("exact_match").get("score").doubleValue());
    }

    @Test
    void piecesOfATokenizerAreNamedByTheirFile() {
        Tiny tiny = Tiny.in(folder);
        String ref = tiny.file("ref.txt", "watoto wanasoma vitabu");
        JsonNode all =
                json(
                        run(
                                "--hypotheses",
                                ref,
                                "--references",
                                ref,
                                "--spm",
                                tiny.base().toString(),
                                "--metrics=bleu",
                                "--json"));
        String signature = all.get("bleu").get("signature").stringValue();
        assertTrue(signature.matches(".*\\|tok:spm\\[[0-9a-f]{8}]\\|.*"), signature);
        assertEquals(100, all.get("bleu").get("score").doubleValue(), 1e-9);
    }

    @Test
    void labelsHaveFiguresByClass() {
        Tiny tiny = new Tiny(folder);
        String hyp = tiny.file("hyp.txt", "yes", "no", "yes", "maybe");
        String ref = tiny.file("ref.txt", "yes", "no", "no", "no");
        JsonNode all =
                json(
                        run(
                                "--hypotheses",
                                hyp,
                                "--references",
                                ref,
                                "--metrics=accuracy,macro_f1",
                                "--json"));
        assertEquals(0.5, all.get("accuracy").get("score").doubleValue());
        double yes = 2.0 / 3;
        double no = 0.5;
        assertEquals((yes + no) / 3, all.get("macro-f1").get("score").doubleValue(), 1e-12);
        assertEquals(1.0 / 3, all.get("classes").get("no").get("recall").doubleValue(), 1e-12);
    }

    @Test
    void whatIsWrongGetsOneLine() {
        Tiny tiny = new Tiny(folder);
        String two = tiny.file("two.txt", "a", "b");
        String one = tiny.file("one.txt", "a");
        String empty = tiny.bytes("empty.txt");
        String bad = tiny.bytes("bad.txt", (byte) 'a', (byte) '\n', (byte) 0xC3, (byte) '\n');
        String lines = tiny.file("lines.jsonl", "{\"text\": \"a\"}", "{\"txt\": \"a\"}");
        Refused.says(refusal("--hypotheses", two, "--references", one), one, "which has 2; got 1");
        Refused.says(refusal("--hypotheses", two, "--references", empty), empty, "is empty");
        Refused.says(refusal("--hypotheses", bad, "--references", two), bad + ":2", "UTF-8");
        Refused.says(refusal("--hypotheses", two, "--references", lines), ":2: needs \"text\"");
        Refused.says(
                refusal("--hypotheses", "none.txt", "--references", one), "none.txt", "no such");
        String[] pair = {"--hypotheses", one, "--references", one};
        Refused.says(refusal(with(pair, "--metrics=chfr")), "'chfr'", "did you mean chrf?");
        Refused.says(refusal(with(pair, "--tokenize=14a")), "'14a'", "did you mean 13a?");
        Refused.says(refusal(with(pair, "--tokenize=spm")), "--spm FILE");
        Refused.says(refusal(with(pair, "--smooth-method=x")), "--smooth-method");
        Refused.says(refusal(with(pair, "--spm=" + one)), one);
        Refused.says(refusal(with(pair, "--metrics=accuracy", "--references", two)), "labels");
        Refused.says(refusal(with(pair, "--output=" + one + "/x.json")), "cannot write");
    }

    private static String[] with(String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
