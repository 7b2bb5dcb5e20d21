package org.lugha.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing incomplete under a final name, nothing left behind. */
class StagedTest {
    @TempDir Path dir;

    @Test
    void aFileAppearsWithItsCommit() throws IOException {
        Path target = dir.resolve("deep/er/file.txt");
        try (Staged s = Staged.file(target)) {
            Files.writeString(s.path(), "new");
            assertFalse(Files.exists(target));
            assertEquals(target.toAbsolutePath(), s.target());
            s.commit();
            assertThrows(IllegalStateException.class, s::commit);
        }
        assertEquals("new", Files.readString(target));
        Staged.write(target, "newer");
        assertEquals("newer", Files.readString(target));
        assertEquals(List.of("file.txt"), names(target.getParent()));
    }

    @Test
    void withoutCommitNothingIsLeft() throws IOException {
        Path target = dir.resolve("file");
        Staged.write(target, "old");
        try (Staged s = Staged.file(target)) {
            Files.writeString(s.path(), "half");
        }
        try (Staged s = Staged.folder(dir.resolve("folder"))) {
            Files.writeString(s.path().resolve("x"), "half");
        }
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("file"), names(dir));
    }

    @Test
    void aFolderAppearsWholeAndOnlyWhereNothingIs() throws IOException {
        Path target = Files.createDirectory(dir.resolve("run"));
        fill(Staged.folder(target), "a");
        assertEquals(List.of("a"), names(target));
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> Staged.folder(target).close());
        assertTrue(e.getMessage().contains("expected a new or an empty folder"));
        fill(Staged.replacing(target), "b");
        assertEquals(List.of("b"), names(target));
        assertEquals(List.of("run"), names(dir));
    }

    @Test
    void saysInOneLineWhatCannotBeWritten() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        for (Path bad : List.of(file.resolve("x"), file.resolve("x/y"))) {
            CheckpointException e =
                    assertThrows(CheckpointException.class, () -> Staged.write(bad, "x"));
            assertTrue(e.getMessage().startsWith("cannot write " + bad), e::getMessage);
            assertFalse(e.getMessage().contains("\n"), e::getMessage);
        }
        assertThrows(CheckpointException.class, () -> Staged.write(dir, "x"));
        assertThrows(CheckpointException.class, () -> Staged.replacing(file).close());
        assertEquals(List.of("file"), names(dir));
    }

    private static void fill(Staged staged, String name) throws IOException {
        try (staged) {
            Files.writeString(staged.path().resolve(name), "x");
            staged.commit();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
