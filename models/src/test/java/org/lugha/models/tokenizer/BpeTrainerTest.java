package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.checkpoint.SharedData;

/** The committed tokenizer is what the trainer makes; Hugging Face's trainer agreed with it. */
class BpeTrainerTest {
    @TempDir Path dir;

    private static List<String> lines() throws IOException {
        return Files.readAllLines(SharedData.beside(BpeTrainerTest.class, "training.txt"));
    }

    private static Tokenizer train(BpeOptions options, List<String> texts) {
        BpeTrainer trainer = new BpeTrainer(options);
        trainer.addAll(texts.stream());
        return trainer.train();
    }

    @Test
    void makesTheSameFilesWhateverTheOrderOfTexts() throws IOException {
        List<String> backwards = new ArrayList<>(lines());
        Collections.reverse(backwards);
        for (List<String> texts : List.of(lines(), backwards)) {
            train(BpeOptions.of(420), texts).save(dir);
            for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
                assertArrayEquals(
                        Files.readAllBytes(
                                SharedData.beside(BpeTrainerTest.class, "small/" + file)),
                        Files.readAllBytes(dir.resolve(file)),
                        file);
            }
        }
    }

    @Test
    void savedAndLoadedItIsTheSame() throws IOException {
        BpeOptions options =
                BpeOptions.of(400)
                        .withSpecial(SpecialTokens.standard("<swa>", "<yor>"))
                        .withAdded(true, true)
                        .withSplit(WordSplit.GPT2)
                        .withNormalization(Normalization.NFC)
                        .withModelMaxLength(77);
        Tokenizer trained = train(options, lines());
        trained.save(dir);
        Tokenizer loaded = Tokenizer.load(dir);
        assertEquals(OptionalInt.of(0), loaded.padId());
        assertEquals(OptionalInt.of(1), loaded.bosId());
        assertEquals(OptionalInt.of(2), loaded.eosId());
        assertEquals(OptionalInt.of(3), loaded.id("<swa>"));
        assertEquals("<yor>", loaded.token(4));
        assertTrue(loaded.isSpecial(4));
        assertEquals(400, loaded.vocabSize());
        for (String line : lines()) {
            int[] ids = loaded.encode("<swa>" + line).ids();
            assertArrayEquals(trained.encode("<swa>" + line).ids(), ids);
            assertEquals(1, ids[0]);
            assertEquals(3, ids[1]);
            assertEquals(2, ids[ids.length - 1]);
            assertEquals(line, loaded.decode(ids, true));
        }
        assertTrue(Files.readString(dir.resolve("tokenizer_config.json")).contains("77"));
    }

    @Test
    void stopsWhereNoPairIsFrequentEnough() {
        Tokenizer none = train(BpeOptions.of(500), List.of());
        assertEquals(259, none.vocabSize());
        Tokenizer rare = train(BpeOptions.of(500).withMinFrequency(3), List.of("ab ab cd cd cd"));
        // " cd" occurs three times, "ab" twice.
        assertTrue(rare.id("cd").isPresent());
        assertTrue(rare.id("ab").isEmpty());
        assertEquals("ab cd", rare.decode(rare.encode("ab cd").ids(), false));
    }

    @Test
    void countsDoNotOverflow() {
        BpeLearner learner = new BpeLearner(List.of("a", "b", "c", "d"));
        learner.add(new int[] {0, 1}, 0, 2, 3_000_000_000L);
        learner.add(new int[] {2, 3}, 0, 2, 2_999_999_999L);
        learner.add(new int[] {0, 1}, 0, 2, 3_000_000_000L);
        learner.learn(5, 2_999_999_999L, _ -> {});
        assertEquals(List.of("a b"), learner.merges());
    }

    @Test
    void refusesOptionsThatCannotBe() {
        assertThrows(TokenizerException.class, () -> BpeOptions.of(258));
        BpeOptions bare =
                BpeOptions.of(300)
                        .withSpecial(
                                new SpecialTokens(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of("</s>"),
                                        List.of()));
        assertThrows(TokenizerException.class, () -> bare.withAdded(true, false));
        assertEquals(List.of("</s>"), bare.withAdded(false, true).special().all());
    }
}
