package org.lugha.models.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlapTest {
    @TempDir private Path folder;

    private Path file(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    private static String pair(String src, String tgt) {
        return "{\"src_lang\":\"eng\",\"tgt_lang\":\"yor\",\"src\":\"%s\",\"tgt\":\"%s\"}"
                .formatted(src, tgt);
    }

    @Test
    void equalButForCaseSpacesAndPunctuation() throws IOException {
        Path train = file("train.txt", "one", "Báwo ni, ayé?  2!", "three");
        Path eval = file("eval.txt", "nothing", "", "ba\u0301WO NI AYÉ 2", "two", "...");
        Overlap o = Overlap.between(List.of(train), List.of(eval));
        assertEquals(
                new Overlap.Match(
                        Overlap.Kind.EXACT, new Place(eval, 3), new Place(train, 2), "text", 1),
                o.first().getFirst());
        assertEquals(
                List.of(1L, 0L, 0L, 4L, 3L),
                List.of(o.exact(), o.sides(), o.near(), o.evalLines(), o.trainLines()));
        assertEquals(
                List.of(
                        "of 4 evaluation lines 1 stand in training: 1 exactly",
                        eval + ":3 is also " + train + ":2"),
                o.lines());
    }

    @Test
    void pairsAreComparedBySideAndAsAWhole() throws IOException {
        Path train =
                file(
                        "t.jsonl",
                        pair("a", "a"),
                        pair("good", "rere"),
                        pair("water", "omi"),
                        pair("omi", "x"));
        Path eval =
                file(
                        "e.jsonl",
                        pair("a", "b"),
                        pair("Water", "Omi!"),
                        pair("new", "rere"),
                        pair("so", "bẹ"));
        Overlap o = Overlap.between(List.of(train), List.of(eval));
        assertEquals(List.of(1L, 2L, 0L), List.of(o.exact(), o.sides(), o.near()));
        assertEquals(eval + ":1 has the src of " + train + ":1", o.first().get(0).toString());
        assertEquals(eval + ":2 is also " + train + ":3", o.first().get(1).toString());
        assertEquals(eval + ":3 has the tgt of " + train + ":2", o.first().get(2).toString());
    }

    @Test
    void nearByTheWordsThatFollowEachOther() throws IOException {
        String said = "the old woman went down to the river to wash her clothes before noon";
        Path eval =
                file(
                        "e.txt",
                        said,
                        "quite another thing that nobody ever wrote down in this place");
        Path train =
                file(
                        "t.txt",
                        "some words, then "
                                + said.replace("the old", "the OLD")
                                + ", and many more words after it",
                        "the old woman went down to the market to buy her clothes before noon");
        Overlap o = Overlap.between(List.of(train), List.of(eval));
        assertEquals(List.of(0L, 0L, 1L), List.of(o.exact(), o.sides(), o.near()));
        assertEquals(1, o.first().getFirst().share());
        assertEquals(1, o.first().getFirst().train().line());
        assertTrue(o.lines().get(1).endsWith("(100 % of the word 5-grams of its text)"));
    }

    @Test
    void aTemplateIsNoOverlap() throws IOException {
        String[] eval = new String[30];
        String[] train = new String[30];
        for (int i = 0; i < 30; i++) {
            eval[i] = "Which of these words is the name of a town in our country: " + i;
            train[i] = "Which of these words is the name of a town in our country: " + (i + 100);
        }
        assertTrue(
                Overlap.between(List.of(file("t.txt", train)), List.of(file("e.txt", eval)))
                        .isEmpty());
    }

    @Test
    void idsAndConversationsAreComparedToo() throws IOException {
        Path train =
                file(
                        "t.jsonl",
                        "{\"input_ids\":[5,6,7]}",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        Path eval =
                file(
                        "e.jsonl",
                        "{\"input_ids\":[7,6,5]}",
                        "{\"input_ids\":[5,6,7]}",
                        "{\"text\":\"hi!\"}");
        assertEquals(2, Overlap.between(List.of(train), List.of(eval)).exact());
    }

    @Test
    void thePublishedSetsDoNotOverlap() {
        Path data = Path.of(System.getProperty("lugha.shared", ""), "data", "parallel");
        Assumptions.assumeTrue(Files.isDirectory(data), "needs the shared data sets");
        Overlap o =
                Overlap.between(
                        List.of(
                                data.resolve("eng-twi.train.jsonl"),
                                data.resolve("eng-yor.train.jsonl")),
                        List.of(
                                data.resolve("eng-twi.dev.jsonl"),
                                data.resolve("eng-yor.dev.jsonl")));
        assertEquals(0, o.exact());
    }
}
