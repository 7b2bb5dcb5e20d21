package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Texts with the ids, and where given the ranges, that Hugging Face's tokenizers made of them. */
final class Vectors {
    private Vectors() {}

    static int assertAll(Tokenizer tokenizer, Path vectors) throws IOException {
        int n = 0;
        for (String line : Files.readAllLines(vectors)) {
            assertOne("", tokenizer, Json.MAPPER.readTree(line));
            n++;
        }
        return n;
    }

    static void assertOne(String name, Tokenizer tokenizer, JsonNode v) {
        String text = v.get("text").stringValue();
        Encoding e = tokenizer.encode(text, v.path("special").booleanValue(false));
        assertArrayEquals(ints(v.get("ids")), e.ids(), () -> name + v);
        if (v.has("offsets")) {
            assertEquals(offsets(v), offsets(text, e), () -> name + v);
        }
        if (v.has("decoded")) {
            assertEquals(v.get("decoded").stringValue(), tokenizer.decode(e.ids(), true), name);
        }
    }

    static int[] ints(JsonNode list) {
        return IntStream.range(0, list.size()).map(i -> list.get(i).intValue()).toArray();
    }

    /** Ranges of tokens that come from the text, in code points as Python counts. */
    private static List<String> offsets(String text, Encoding e) {
        return IntStream.range(0, e.size())
                .filter(i -> e.ends()[i] > e.starts()[i])
                .mapToObj(i ->
                        text.codePointCount(0, e.starts()[i])
                                + "-"
                                + text.codePointCount(0, e.ends()[i]))
                .toList();
    }

    private static List<String> offsets(JsonNode v) {
        List<String> expected = new ArrayList<>();
        v.get("offsets")
                .forEach(o -> {
                    if (o.get(1).intValue() > o.get(0).intValue()) {
                        expected.add(o.get(0).intValue() + "-" + o.get(1).intValue());
                    }
                });
        return expected;
    }
}
