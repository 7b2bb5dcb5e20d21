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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.checkpoint.SharedData;
import tools.jackson.databind.JsonNode;

/** The committed tokenizers are what the trainers make; Hugging Face's give the committed ids. */
class UnigramTrainerTest {
    @TempDir private Path dir;

    private static List<String> lines() throws IOException {
        return Files.readAllLines(SharedData.beside(UnigramTrainerTest.class, "training.txt"));
    }

    private static TokenizerTrainer trainer(String kind, int threads) {
        return switch (kind) {
            case "characters" -> new BpeTrainer(BpeOptions.ofCharacters(560), threads);
            case "unigram" -> new UnigramTrainer(UnigramOptions.of(170), threads);
            default ->
                    new UnigramTrainer(
                            UnigramOptions.withBytes(440)
                                    .withNormalization(Normalization.NFKC)
                                    .withCoverage(0.99)
                                    .withSpecial(SpecialTokens.pieces("<swa>"))
                                    .withAdded(true, true),
                            threads);
        };
    }

    @Test
    void vectorsOfThePeer() throws IOException {
        JsonNode all =
                Json.MAPPER.readTree(
                        SharedData.beside(UnigramTrainerTest.class, "trained/vectors.json"));
        assertEquals(3, all.size());
        for (String kind : List.of("characters", "unigram", "bytes")) {
            Path file = SharedData.beside(UnigramTrainerTest.class, "trained/" + kind + ".json");
            TokenizerTrainer trainer = trainer(kind, 2);
            trainer.addAll(lines().stream());
            Tokenizer trained = trainer.train();
            trained.save(dir);
            assertEquals(
                    Files.readString(file), Files.readString(dir.resolve("tokenizer.json")), kind);
            for (JsonNode vector : all.get(kind)) {
                String text = vector.get("text").stringValue();
                int[] ids = trained.encode(text).ids();
                assertEquals(vector.get("ids").toString(), Json.MAPPER.writeValueAsString(ids));
                assertEquals(vector.get("decoded").stringValue(), trained.decode(ids, true));
                if (kind.equals("characters")) {
                    assertEquals(text, trained.decode(ids, true));
                }
            }
        }
    }

    @Test
    void sameBytesWhateverTheOrderAndTheThreads() throws IOException {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            many.addAll(lines());
            many.add("word" + i * i + " " + Integer.toString(i * 7919, 36));
        }
        List<String> backwards = new ArrayList<>(many);
        Collections.reverse(backwards);
        for (String kind : List.of("characters", "bytes")) {
            byte[] first = null;
            for (int threads = 1; threads <= 3; threads++) {
                TokenizerTrainer trainer = trainer(kind, threads);
                trainer.addAll((threads == 2 ? backwards : many).stream());
                trainer.train().save(dir);
                byte[] made = Files.readAllBytes(dir.resolve("tokenizer.json"));
                first = first == null ? made : first;
                assertArrayEquals(first, made, kind);
            }
        }
    }

    @Test
    void findsTheWordsThatTheTextIsMadeOf() {
        UnigramTrainer trainer = new UnigramTrainer(UnigramOptions.of(24));
        for (int i = 0; i < 50; i++) {
            trainer.add("kitabu kipya kitabuni");
            trainer.add("vitabu vipya");
        }
        assertEquals(5, trainer.distinctWords());
        assertEquals(250, trainer.words());
        Tokenizer made = trainer.train();
        assertTrue(made.vocabSize() <= 24);
        assertEquals(1, made.encode("kitabu").size());
        assertEquals("kitabu vipya", made.decode(made.encode("kitabu vipya").ids(), true));
        assertEquals("  kitabu", made.decode(made.encode("  kitabu").ids(), true));
        assertEquals(0, made.encode("w").ids()[1]); // no such letter: <unk> behind the space
    }

    @Test
    void namesOfBytesInTextStayText() throws IOException {
        TokenizerTrainer trainer = trainer("bytes", 1);
        trainer.addAll(lines().stream());
        Tokenizer made = trainer.train();
        assertEquals(440, made.vocabSize());
        String text = "a <0x0A> b \u12a0";
        assertEquals(text, made.decode(made.encode(text).ids(), true));
    }

    @Test
    void fewOrNoWords() {
        assertEquals(4, new UnigramTrainer(UnigramOptions.of(50)).train().vocabSize());
        UnigramTrainer one = new UnigramTrainer(UnigramOptions.of(50));
        one.add("a\u0000b");
        assertEquals("a\u0000b", decoded(one.train(), "a\u0000b"));
    }

    private static String decoded(Tokenizer t, String text) {
        return t.decode(t.encode(text).ids(), true);
    }

    @Test
    void digammaOfKnownPlaces() {
        assertEquals(-0.5772156649015329, UnigramLearner.digamma(1), 1e-8);
        assertEquals(-1.9635100260214235, UnigramLearner.digamma(0.5), 1e-8);
        assertEquals(4.600161852738087, UnigramLearner.digamma(100), 1e-8);
    }

    @Test
    void refusesWhatCannotBe() {
        UnigramTrainer trainer = new UnigramTrainer(UnigramOptions.of(6));
        trainer.add("abcdef");
        var few = assertThrows(TokenizerException.class, trainer::train);
        assertTrue(few.getMessage().contains("at least 11 (4 special"), few.getMessage());
        assertThrows(TokenizerException.class, () -> UnigramOptions.withBytes(200));
        UnigramOptions options = UnigramOptions.of(100);
        assertThrows(TokenizerException.class, () -> options.withCoverage(0));
        assertThrows(TokenizerException.class, () -> options.withSpecial(SpecialTokens.standard()));
        SpecialTokens letter = SpecialTokens.pieces("a");
        assertThrows(TokenizerException.class, () -> options.withSpecial(letter));
    }
}
