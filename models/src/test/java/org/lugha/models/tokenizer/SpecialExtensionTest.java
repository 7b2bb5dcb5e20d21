package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags are one token each, and nothing else changes. */
class SpecialExtensionTest {
    private static final String TEXT = "the tree and the trees <yo r> kẹ́ẹ̀kẹ́";

    @TempDir private Path folder;

    private static List<Tokenizer> tokenizers() {
        BpeTrainer bytes = new BpeTrainer(BpeOptions.of(300).withMinFrequency(1));
        BpeTrainer characters = new BpeTrainer(BpeOptions.ofCharacters(320).withMinFrequency(1));
        UnigramTrainer pieces = new UnigramTrainer(UnigramOptions.of(40));
        for (int i = 0; i < 3; i++) {
            bytes.add(TEXT);
            characters.add(TEXT);
            pieces.add(TEXT);
        }
        return List.of(bytes.train(), characters.train(), pieces.train());
    }

    @Test
    void tagsAreOneTokenEachAndNothingElseChanges() throws IOException {
        int kind = 0;
        for (Tokenizer old : tokenizers()) {
            Extension made = SpecialExtension.of(old, List.of("<translate>", "<yor>", "<yor>"));
            assertEquals(List.of("<translate>", "<yor>"), made.tokens());
            assertEquals(old.vocabSize(), made.first());
            assertArrayEquals(old.encode("<yor>", false).ids(), made.parts().get(1));
            Path to = Files.createDirectory(folder.resolve("t" + kind++));
            made.tokenizer().save(to);
            for (Tokenizer t : List.of(made.tokenizer(), Tokenizer.load(to))) {
                int yor = old.vocabSize() + 1;
                assertArrayEquals(new int[] {yor}, t.encode("<yor>", false).ids());
                assertTrue(t.isSpecial(yor));
                assertArrayEquals(old.encode(TEXT).ids(), t.encode(TEXT).ids());
                assertEquals("<yor>", t.token(yor));
                assertEquals(old.vocabSize() + 2, t.vocabSize());
            }
            assertTrue(SpecialExtension.of(made.tokenizer(), List.of("<yor>")).tokens().isEmpty());
            VocabularyExtender more = new VocabularyExtender(made.tokenizer());
            more.add("kẹ́ẹ̀kẹ́ kẹ́ẹ̀kẹ́ kẹ́ẹ̀kẹ́ zuzu zuzu zuzu");
            Tokenizer both = more.extend(3).tokenizer();
            assertArrayEquals(new int[] {old.vocabSize()}, both.encode("<translate>", false).ids());
        }
    }

    @Test
    void whatCannotBeATagIsRefused() {
        Tokenizer t = tokenizers().getFirst();
        for (String name : List.of(" <yor>", "", "a")) {
            assertThrows(
                    TokenizerException.class, () -> SpecialExtension.of(t, List.of(name)), name);
        }
    }
}
