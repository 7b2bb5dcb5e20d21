package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.SpecialTokens;
import org.lugha.models.tokenizer.Tokenizer;

class EncoderTest {
    private static final int BOS = 1;
    private static final int EOS = 0;

    /** Its padding token is its end token. */
    private static Tokenizer tokenizer(boolean addBos, boolean addEos) {
        var special =
                new SpecialTokens(
                        Optional.of("<e>"), Optional.of("<b>"), Optional.of("<e>"), List.of());
        var options =
                BpeOptions.of(300)
                        .withMinFrequency(1)
                        .withSpecial(special)
                        .withAdded(addBos, addEos);
        BpeTrainer trainer = new BpeTrainer(options);
        trainer.add("the tree and the trees");
        return trainer.train();
    }

    private static Encoder encoder(boolean addBos, boolean addEos) {
        return new Encoder(tokenizer(addBos, addEos), EOS, false);
    }

    private static long count(int[] values, int wanted) {
        return Arrays.stream(values).filter(v -> v == wanted).count();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void oneEndTokenCountsWhoeverAddsIt(boolean addBos, boolean addEos) {
        for (String answer : List.of(" trees", " trees<e>", "")) {
            Example e = encoder(addBos, addEos).completion("the", answer, "");
            int last = e.ids().length - 1;
            assertEquals(1, count(e.ids(), EOS) - (addEos && answer.endsWith("<e>") ? 1 : 0));
            assertEquals(EOS, e.labels()[last]);
            assertEquals(addBos ? BOS : e.ids()[0], e.ids()[0]);
            assertEquals(Example.NOT_COUNTED, e.labels()[0]);
        }
    }

    @Test
    void thePromptDoesNotCount() {
        Tokenizer t = tokenizer(false, false);
        Example e = encoder(false, false).completion("the tree and the", " trees", "");
        int prompt = t.encode("the tree and the").ids().length;
        assertEquals(prompt, count(e.labels(), Example.NOT_COUNTED));
        assertEquals(e.ids().length - prompt, e.counted());
        assertEquals("the tree and the trees", t.decode(e.ids(), true));
    }

    @Test
    void aTokenThatJoinsBothSidesCounts() {
        Tokenizer t = tokenizer(false, false);
        assertEquals(1, t.encode(" tree").ids().length, "learned as one");
        Example e = encoder(false, false).completion(" t", "ree", "");
        assertArrayEquals(new int[] {t.encode(" tree").ids()[0], EOS}, e.ids());
        assertArrayEquals(e.ids(), e.labels());
        assertEquals(1, e.counted(), "the first token has nothing to be predicted from");
    }

    @Test
    void withEverythingThePromptCountsToo() {
        Encoder all = new Encoder(tokenizer(false, false), EOS, true);
        Example e = all.completion("the tree", " and", "");
        assertArrayEquals(e.ids(), e.labels());
    }

    @Test
    void answersNeedAnEnd() {
        Encoder none = new Encoder(tokenizer(false, false), -1, false);
        assertTrue(
                assertThrows(RequestException.class, () -> none.completion("a", "b", ""))
                        .getMessage()
                        .contains("eos_token"));
        assertEquals(1, none.text("the", "").ids().length, "texts do not");
    }
}
