package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.lugha.models.checkpoint.SharedData;

/** What holds for any text at all. */
class TokenizerProperties {
    private static final Tokenizer SMALL =
            Tokenizer.load(SharedData.beside(TokenizerProperties.class, "small"));

    @Property
    void decodingGivesTheTextBack(@ForAll("texts") String text) {
        int[] ids = SMALL.encode(text).ids();
        assertEquals(withoutHalves(text), SMALL.decode(ids, false));
    }

    @Property
    void rangesCoverTheTextInOrder(@ForAll("texts") String text) {
        Encoding e = SMALL.encode(text);
        int covered = 0;
        for (int i = 0; i < e.size(); i++) {
            assertTrue(e.starts()[i] <= covered, "a gap before token " + i);
            assertTrue(e.ends()[i] > e.starts()[i]);
            assertTrue(i == 0 || e.starts()[i] >= e.starts()[i - 1]);
            covered = e.ends()[i];
        }
        assertEquals(text.length(), covered);
    }

    @Property
    void tokensAreTheBytesOfTheirRanges(@ForAll("texts") String text) {
        Encoding e = SMALL.encode(text);
        for (int i = 0; i < e.size(); i++) {
            String decoded = SMALL.decode(new int[] {e.ids()[i]}, false);
            String range = withoutHalves(text.substring(e.starts()[i], e.ends()[i]));
            // A token that cuts a character decodes to U+FFFD at its ends.
            String inner = decoded.replace("\uFFFD", "");
            assertTrue(range.contains(inner), () -> range + " lacks " + inner);
        }
    }

    @Example
    void halvesOfPairsBecomeReplacementCharacters() {
        assertEquals("a\uFFFDb", SMALL.decode(SMALL.encode("a\uD83Db").ids(), false));
        assertEquals("\uFFFD", SMALL.decode(SMALL.encode("\uDE00").ids(), false));
        assertArrayEquals(new int[0], SMALL.encode("").ids());
        assertEquals("", SMALL.decode(new int[] {-1, 1_000_000}, false));
    }

    private static String withoutHalves(String text) {
        int[] whole = text.codePoints().map(TokenizerProperties::wholeOrReplaced).toArray();
        return new String(whole, 0, whole.length);
    }

    private static int wholeOrReplaced(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c;
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(30);
        Arbitrary<String> likely =
                Arbitraries.of(
                                "a", "ọ", "\u0301", " ", "  ", "\n", "\r\n", "\t", "12", "'s", "मे",
                                "\u094d", "👩‍👧", "\uD83D", "<|eos|>", "<|", "ያነባል", "።", "!",
                                "\u00a0", "ab")
                        .list()
                        .ofMaxSize(20)
                        .map(parts -> String.join("", parts));
        Arbitrary<String> repeated =
                Arbitraries.integers().between(0, 300).map(n -> new String(filled(n)));
        return Arbitraries.oneOf(any, likely, repeated);
    }

    private static char[] filled(int n) {
        char[] c = new char[n];
        Arrays.fill(c, 'a');
        return c;
    }
}
