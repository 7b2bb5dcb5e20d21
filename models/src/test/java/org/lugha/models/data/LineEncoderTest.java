package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lugha.models.data.TinyText.all;
import static org.lugha.models.data.TinyText.counted;
import static org.lugha.models.data.TinyText.encoder;
import static org.lugha.models.data.TinyText.file;
import static org.lugha.models.data.TinyText.line;
import static org.lugha.models.data.TinyText.task;
import static org.lugha.models.data.TinyText.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.Normalization;

/** What of a line counts, whatever its format. */
class LineEncoderTest {
    private static final TextRules PLAIN = TextRules.standard();
    private static final TextRules TAGS =
            new TextRules(
                    Normalization.NONE,
                    false,
                    true,
                    new Tags(List.of("translate", "qa"), List.of("yor", "answer")));

    @TempDir private Path folder;

    private static String refusal(LineEncoder encoder, DataFile file, String json) {
        return assertThrows(RequestException.class, () -> encoder.example(line(json), file))
                .getMessage();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("the ", "tree", "s", " ", "ọjọ́", "\n", "😀", "q")
                .list()
                .ofMaxSize(8)
                .map(l -> String.join("", l));
    }

    @Property
    void everySegmentCountsAsItSays(@ForAll("segments") List<String> parts, @ForAll int train) {
        StringBuilder json = new StringBuilder();
        List<Marked.Range> counted = new ArrayList<>();
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            boolean counts = (train >> i & 1) != 0;
            json.append(i == 0 ? "" : ",")
                    .append("{\"text\":\"" + parts.get(i).replace("\n", "\\n") + "\",\"train\":")
                    .append(counts + "}");
            if (counts) {
                counted.add(
                        new Marked.Range(whole.length(), whole.length() + parts.get(i).length()));
            }
            whole.append(parts.get(i));
        }
        Example e =
                encoder(Loss.COMPLETION, PLAIN)
                        .example(line("{\"segments\":[" + json + "]}"), file("segments"));
        var joint = TinyText.TOKENIZER.encode(whole.toString());
        assertArrayEquals(joint.ids(), Arrays.copyOf(e.ids(), joint.size()), "one tokenisation");
        for (int t = 0; t < joint.size(); t++) {
            int from = joint.starts()[t];
            int to = joint.ends()[t];
            boolean any = counted.stream().anyMatch(r -> from < r.to() && to > r.from());
            assertEquals(any ? e.ids()[t] : Example.NOT_COUNTED, e.labels()[t]);
        }
        boolean last = (train >> (parts.size() - 1) & 1) != 0;
        assertEquals(last ? 0 : Example.NOT_COUNTED, e.labels()[e.labels().length - 1]);
    }

    @Provide
    Arbitrary<List<String>> segments() {
        return texts().filter(t -> !t.isEmpty()).list().ofMinSize(1).ofMaxSize(5);
    }

    @Property
    void tagsAndTwoFieldsGiveTheSameMask(
            @ForAll("texts") String source, @ForAll("texts") String target) {
        String one = "<translate> " + source + " <yor> " + target;
        Example tagged = encoder(Loss.ALL, TAGS).example(text(one), TinyText.TEXT);
        var fields = text("");
        ((tools.jackson.databind.node.ObjectNode) fields.value())
                .put("src_lang", "eng")
                .put("tgt_lang", "yor")
                .put("src", source)
                .put("tgt", target);
        Example e = encoder(Loss.ALL, PLAIN).example(fields, task("translation", "translate", ""));
        assertArrayEquals(e.ids(), tagged.ids());
        assertArrayEquals(e.labels(), tagged.labels());
        assertEquals(" " + target + "<e>", counted(e));
        assertEquals("yor", e.language());
    }

    @Property
    void splitDocumentsLoseNothing(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 20) Integer> tokens,
            @ForAll @IntRange(min = 2, max = 12) int length) {
        int[] ids = tokens.stream().mapToInt(i -> i).toArray();
        int[] labels = Arrays.stream(ids).map(i -> i % 3 == 0 ? -100 : i).toArray();
        Example whole = new Example(ids, labels, "");
        int counted = 0;
        List<Integer> again = new ArrayList<>(List.of(ids[0]));
        for (Example part : whole.split(length)) {
            assertTrue(part.ids().length <= length);
            assertEquals(again.getLast(), part.ids()[0], "begins with what it follows");
            counted += part.counted();
            Arrays.stream(part.ids()).skip(1).forEach(again::add);
        }
        assertEquals(whole.counted(), counted);
        assertEquals(tokens, again);
    }

    @Test
    void plainTextAndTaggedTextShareOneStream() {
        LineEncoder e = encoder(Loss.ALL, TAGS);
        assertEquals("the tree<e>", counted(e.example(text("the tree"), TinyText.TEXT)));
        Example two =
                e.example(text("and <qa> the <answer> tree <translate> q <yor>s"), TinyText.TEXT);
        assertEquals("and  tree s<e>", counted(two));
        assertEquals("and <qa> the <answer> tree <translate> q <yor>s<e>", all(two));
    }

    @Test
    void aStrayTagIsRefusedAndNotMistakenForItsOpposite() {
        LineEncoder e = encoder(Loss.ALL, TAGS);
        for (String stray : new String[] {"a <yor> b", "<qa> a", "<qa> a <translate> b <yor> c"}) {
            String message =
                    assertThrows(
                                    RequestException.class,
                                    () -> e.example(text(stray), TinyText.TEXT))
                            .getMessage();
            assertTrue(message.startsWith("x.jsonl:7: <"), message);
        }
    }

    @Test
    void aTagThatIsNotOneTokenIsNamed() {
        LineEncoder e = encoder(Loss.COMPLETION, PLAIN);
        String message =
                refusal(
                        e,
                        task("translation", "translate", ""),
                        "{\"src_lang\":\"eng\",\"tgt_lang\":\"ibo\",\"src\":\"a\",\"tgt\":\"b\"}");
        assertTrue(message.contains("x.jsonl:7") && message.contains("<ibo>"), message);
        assertTrue(message.contains("tokenizer extend"), message);
        Tags unknown = new Tags(List.of("<ner>"), List.of("yor"));
        TextRules rules = new TextRules(Normalization.NONE, false, true, unknown);
        assertTrue(
                assertThrows(RequestException.class, () -> encoder(Loss.ALL, rules))
                        .getMessage()
                        .contains("<ner>"));
    }

    @Test
    void completionsInTags() {
        Example e =
                encoder(Loss.COMPLETION, PLAIN)
                        .example(
                                line("{\"prompt\":\"the\",\"completion\":\"tree\"}"),
                                task("completion", "qa", "answer"));
        assertEquals("<qa> the <answer> tree<e>", all(e));
        assertEquals(" tree<e>", counted(e));
    }

    @Test
    void unicodeIsBroughtIntoForm() {
        TextRules nfc = new TextRules(Normalization.NFC, false, true, Tags.NONE);
        Example e = encoder(Loss.ALL, nfc).example(text("ọ"), TinyText.TEXT);
        assertEquals("ọ<e>", all(e));
        TextRules nfkc = new TextRules(Normalization.NFKC, false, true, Tags.NONE);
        assertEquals("fi<e>", all(encoder(Loss.ALL, nfkc).example(text("ﬁ"), TinyText.TEXT)));
    }

    @Test
    void controlCharactersAreRefusedOrRemoved() {
        String message =
                refusal(encoder(Loss.ALL, PLAIN), TinyText.TEXT, "{\"text\":\"a\\tb\\u0007\"}");
        assertTrue(message.contains("x.jsonl:7: \"text\"") && message.contains("U+0007"), message);
        assertTrue(message.contains("character 4"), message);
        TextRules remove = new TextRules(Normalization.NONE, true, true, Tags.NONE);
        Example e =
                encoder(Loss.ALL, remove).example(text("a\tb\u0007\n\u0000c\u007f"), TinyText.TEXT);
        assertEquals("a\tb\nc<e>", all(e));
    }

    @Test
    void segmentsMustSayWhetherTheyCount() {
        String message =
                refusal(
                        encoder(Loss.ALL, PLAIN),
                        file("segments"),
                        "{\"segments\":[{\"text\":\"a\",\"train\":true},{\"text\":\"b\"}]}");
        assertTrue(message.contains("x.jsonl:7: segments[1]"), message);
    }

    private DataSet read(String format, boolean split, int length, String... lines)
            throws IOException {
        Path path = Files.write(folder.resolve("a.jsonl"), List.of(lines));
        TextRules rules = new TextRules(Normalization.NONE, false, split, Tags.NONE);
        return DataSet.read(
                new DataFile(path, "", format, ""),
                encoder(Loss.COMPLETION, rules),
                length,
                TinyText.TOKENIZER.vocabSize());
    }

    @Test
    void longDocumentsAreSplitAndLongAnswersCut() throws IOException {
        String text = "{\"text\":\"" + "q".repeat(30) + "\"}";
        try (DataSet split = read("text", true, 8, text);
                DataSet cut = read("text", false, 8, text)) {
            assertEquals(
                    30, split.counted(), "30 and an end token, of which the first has no past");
            assertEquals(1, split.split());
            assertTrue(split.describe().contains("1 longer than max_length split"));
            assertEquals(7, cut.counted());
            assertEquals(1, cut.cut());
        }
        String answer = "{\"prompt\":\"%s\",\"completion\":\"%s\"}";
        try (DataSet cut =
                read(
                        "completion",
                        true,
                        8,
                        answer.formatted("q".repeat(30), "z"),
                        answer.formatted("q", "z".repeat(30)))) {
            assertEquals(1, cut.size());
            assertEquals(1, cut.dropped(), "only its prompt was left");
            assertEquals(7, cut.counted());
        }
        assertTrue(
                assertThrows(
                                RequestException.class,
                                () ->
                                        read(
                                                "completion",
                                                true,
                                                8,
                                                answer.formatted("q".repeat(30), "z")))
                        .getMessage()
                        .contains("no token counts"));
    }
}
