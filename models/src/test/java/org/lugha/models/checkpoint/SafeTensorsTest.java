package org.lugha.models.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as the Python writer makes them, and what is done with them. */
class SafeTensorsTest {
    @TempDir Path dir;

    private static Path allTypes() {
        return SharedData.beside(SafeTensorsTest.class, "all-types.safetensors");
    }

    @Test
    void readsEveryTypeAndOddNames() {
        try (SafeTensors file = SafeTensors.open(allTypes())) {
            assertEquals(Map.of("format", "pt"), file.metadata());
            assertEquals(34, file.entries().size());
            assertEquals("a.uint64", file.entries().keySet().iterator().next());
            Entry scalar = file.entries().get("scalar");
            assertArrayEquals(new long[0], scalar.shape());
            assertEquals(1, scalar.count());
            assertEquals(1.5f, scalar.data().get(JAVA_FLOAT_UNALIGNED, 0));
            assertArrayEquals(new long[] {0, 4}, file.entries().get("empty").shape());
            assertEquals(0, file.entries().get("empty").data().byteSize());
            assertEquals(2, file.entries().get("b.int64").data().get(JAVA_LONG_UNALIGNED, 16));
            assertEquals(Dtype.F8_E4M3, file.entries().get("b.float8_e4m3fn").dtype());
            assertTrue(file.entries().containsKey("ẹ́\t\"\\/\u0001\u007f😀"));
        }
    }

    @Test
    void writesTheBytesOfThePythonWriter() throws IOException {
        Path copy = dir.resolve("copy.safetensors");
        assertEqualAfterCopy(allTypes(), copy);
    }

    @Test
    void writesTheBytesOfThePythonWriterForWholeModels() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(SharedData.path("parity/cases"))) {
            files = all.filter(p -> p.toString().endsWith(".safetensors")).sorted().toList();
        }
        assertFalse(files.isEmpty());
        for (Path file : files) {
            assertEqualAfterCopy(file, dir.resolve("copy.safetensors"));
        }
    }

    private static void assertEqualAfterCopy(Path file, Path copy) throws IOException {
        try (SafeTensors read = SafeTensors.open(file)) {
            Map<String, Source> tensors = new LinkedHashMap<>();
            read.entries().forEach((name, e) -> tensors.put(name, e.source()));
            SafeTensors.write(copy, tensors, read.metadata());
        }
        assertEquals(-1, Files.mismatch(file, copy), () -> "first byte that differs: " + file);
    }

    @Test
    void privateMappingIsWritableAndLeavesTheFileAlone() throws IOException {
        Path file = dir.resolve("w.safetensors");
        SafeTensors.write(file, Map.of("w", floats(1, 2, 3)));
        byte[] before = Files.readAllBytes(file);
        try (SafeTensors read = SafeTensors.open(file, Mapping.PRIVATE)) {
            MemorySegment w = read.entries().get("w").data();
            w.set(JAVA_FLOAT_UNALIGNED, 4, 9);
            assertEquals(9, w.get(JAVA_FLOAT_UNALIGNED, 4));
        }
        assertArrayEquals(before, Files.readAllBytes(file));
        try (SafeTensors read = SafeTensors.open(file)) {
            MemorySegment w = read.entries().get("w").data();
            assertThrows(IllegalArgumentException.class, () -> w.set(JAVA_FLOAT_UNALIGNED, 4, 9));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copied = SafeTensors.copy(file, arena);
            copied.set(JAVA_BYTE, 0, (byte) 0);
            assertEquals(before.length, copied.byteSize());
        }
    }

    @Test
    void memoryLivesAsLongAsTheArenaGiven() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment scalar;
            try (SafeTensors file = SafeTensors.open(allTypes(), Mapping.READ_ONLY, arena)) {
                scalar = file.entries().get("scalar").data();
            }
            assertEquals(1.5f, scalar.get(JAVA_FLOAT_UNALIGNED, 0));
        }
        MemorySegment closed;
        try (SafeTensors file = SafeTensors.open(allTypes())) {
            closed = file.entries().get("scalar").data();
        }
        assertThrows(IllegalStateException.class, () -> closed.get(JAVA_FLOAT_UNALIGNED, 0));
    }

    @Test
    void writesLargeTensorsFromHeapAndNativeMemoryAlike() throws IOException {
        float[] values = new float[1_000_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 0.5f;
        }
        long[] shape = {values.length};
        MemorySegment heap = MemorySegment.ofArray(values);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment outside = arena.allocate(heap.byteSize()).copyFrom(heap);
            SafeTensors.write(dir.resolve("heap"), Map.of("x", Source.of(Dtype.F32, shape, heap)));
            SafeTensors.write(
                    dir.resolve("outside"), Map.of("x", Source.of(Dtype.F32, shape, outside)));
        }
        assertEquals(-1, Files.mismatch(dir.resolve("heap"), dir.resolve("outside")));
        try (SafeTensors file = SafeTensors.open(dir.resolve("heap"))) {
            assertEquals(-1, file.entries().get("x").data().mismatch(heap));
        }
    }

    @Test
    void aSourceThatWritesTooLittleLeavesNothingBehind() throws IOException {
        Source lazy = new Source(Dtype.F32, new long[] {2}, out -> {});
        CheckpointException e =
                assertThrows(
                        CheckpointException.class,
                        () -> SafeTensors.write(dir.resolve("x"), Map.of("w", lazy)));
        assertTrue(e.getMessage().contains("expected 8 bytes of 'w', its source gave 0"));
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(List.of(), left.toList());
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Source.of(Dtype.F32, new long[] {2}, MemorySegment.ofArray(new byte[7])));
    }

    static Source floats(float... values) {
        return Source.of(Dtype.F32, new long[] {values.length}, MemorySegment.ofArray(values));
    }
}
