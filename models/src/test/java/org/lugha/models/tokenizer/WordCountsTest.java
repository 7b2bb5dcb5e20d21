package org.lugha.models.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Words are counted as a map would count them. */
class WordCountsTest {
    private static String word(WordCounts words, int i) {
        return new String(words.block(i), words.offset(i), words.length(i), UTF_8);
    }

    @Test
    void countsAsAMapDoes() {
        Random random = new Random(1);
        WordCounts words = new WordCounts();
        WordCounts others = new WordCounts();
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            String word = "ọ̀𞤀" + Integer.toString(random.nextInt(20_000), 36).repeat(3);
            (i % 3 == 0 ? others : words).add(Aligned.verbatim(word, 0));
            expected.merge(word, 1L, Long::sum);
        }
        words.addAll(others);
        assertEquals(expected.size(), words.size());
        assertEquals(60_000, words.total());
        for (int i = 0; i < words.size(); i++) {
            assertEquals(expected.get(word(words, i)), words.count(i));
        }
        words.clear();
        words.add(Aligned.verbatim("one", 0));
        assertEquals("one 1 1", word(words, 0) + " " + words.size() + " " + words.total());
    }

    @Test
    void cutsWordsOfAMebibyteAndKeepsLongOnesWhole() {
        WordCounts words = new WordCounts();
        words.add(Aligned.verbatim("é".repeat(200_000), 0));
        words.add(Aligned.verbatim("after", 0));
        words.add(Aligned.verbatim("x".repeat((1 << 20) + 5), 0));
        assertEquals(4, words.size());
        assertEquals("é".repeat(200_000), word(words, 0));
        assertEquals("after", word(words, 1));
        assertEquals(1 << 20, words.length(2));
        assertEquals("xxxxx", word(words, 3));
        words.clear();
        words.add(Aligned.verbatim("short", 0));
        assertEquals("short", word(words, 0));
    }

    @Test
    void countsAreLongs() {
        WordCounts words = new WordCounts();
        words.add("ab".getBytes(UTF_8), 0, 2, 3_000_000_000L);
        words.add("ab".getBytes(UTF_8), 0, 2, 3_000_000_000L);
        assertEquals(6_000_000_000L, words.count(0));
        assertEquals(6_000_000_000L, words.total());
    }
}
