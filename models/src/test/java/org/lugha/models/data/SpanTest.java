package org.lugha.models.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.SpecialTokens;
import org.lugha.models.tokenizer.Tokenizer;

/** Spans say what the tokens say, and every token once. */
class SpanTest {
    private static final Tokenizer PIECES = pieces();

    private static Tokenizer pieces() {
        BpeTrainer trainer =
                new BpeTrainer(
                        BpeOptions.ofCharacters(300)
                                .withMinFrequency(1)
                                .withSpecial(SpecialTokens.pieces()));
        trainer.add("the tree and the trees");
        return trainer.train();
    }

    private static String text(List<Span> spans) {
        return spans.stream().map(Span::text).collect(Collectors.joining());
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("the ", "tree", "ọjọ́", "\n", "ሰላም", "😀", "q", " ")
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(l -> "a" + String.join("", l));
    }

    @Property
    void nothingIsLostAndEveryTokenIsThereOnce(
            @ForAll("texts") String prompt, @ForAll("texts") String answer) {
        for (Tokenizer t : List.of(TinyText.TOKENIZER, PIECES)) {
            Encoder encoder = new Encoder(t, t.eosId().getAsInt(), false);
            Example e = encoder.completion(prompt, answer, "");
            List<Span> spans = Span.of(Optional.of(t), e);
            assertEquals(t.decode(e.ids(), false), text(spans));
            assertEquals(e.ids().length, spans.stream().mapToInt(Span::tokens).sum());
            assertTrue(spans.getLast().special() && spans.getLast().counted());
            String counted = text(spans.stream().filter(s -> s.counted() && !s.special()).toList());
            assertTrue(counted.endsWith(answer), "the joint token may bring more");
            assertTrue(spans.stream().noneMatch(s -> s.text().contains("\uFFFD")));
            assertEquals(text(spans), text(Span.joined(spans)));
        }
    }

    @Test
    void bytesAreShownAsTheCharacterTheySpell() {
        Example e = new Encoder(PIECES, 3, false).text("the ሰላ", "");
        List<Span> spans = Span.of(Optional.of(PIECES), e);
        assertTrue(spans.contains(new Span("ሰ", true, false, 3)), spans::toString);
        assertTrue(spans.contains(new Span("ላ", true, false, 3)), spans::toString);
        assertTrue(spans.contains(new Span("</s>", true, true, 1)), spans::toString);
    }

    @Test
    void withoutATokenizerIdsAreShown() {
        Example e = new Example(new int[] {4, 5}, new int[] {4, -100}, "");
        assertEquals(
                List.of(new Span("4 ", false, false, 1), new Span("5 ", false, false, 1)),
                Span.of(Optional.empty(), e));
    }
}
