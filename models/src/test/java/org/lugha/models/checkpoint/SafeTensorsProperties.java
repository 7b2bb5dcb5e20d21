package org.lugha.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any map of tensors comes back as it was written, laid out without gaps. */
class SafeTensorsProperties {

    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Tensor(Dtype dtype, long[] shape, byte[] data) {
        static Tensor random(Dtype dtype, long[] shape, long seed) {
            byte[] data = new byte[(int) dtype.bytes(shape)];
            new Random(seed).nextBytes(data);
            return new Tensor(dtype, shape, data);
        }

        Source source() {
            return Source.of(dtype, shape, MemorySegment.ofArray(data));
        }
    }

    @Property
    void comesBack(
            @ForAll("tensors") Map<String, Tensor> tensors,
            @ForAll("metadata") Map<String, String> metadata)
            throws IOException {
        Path file = Files.createTempFile("lugha", ".safetensors");
        try {
            Map<String, Source> sources = new LinkedHashMap<>();
            tensors.forEach((name, t) -> sources.put(name, t.source()));
            SafeTensors.write(file, sources, metadata);
            try (SafeTensors read = SafeTensors.open(file)) {
                assertEquals(tensors.keySet(), read.entries().keySet());
                assertEquals(metadata, read.metadata());
                read.entries().forEach((name, e) -> assertSame(tensors.get(name), e));
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void assertSame(Tensor expected, Entry e) {
        assertEquals(expected.dtype, e.dtype());
        assertArrayEquals(expected.shape, e.shape());
        assertEquals(-1, e.data().mismatch(MemorySegment.ofArray(expected.data)));
        // The widest types come first, so that every tensor is aligned for its type.
        assertEquals(0, e.data().address() % e.dtype().bytes());
    }

    @Provide
    Arbitrary<Map<String, Tensor>> tensors() {
        Arbitrary<long[]> shape =
                Arbitraries.longs().between(0, 5).array(long[].class).ofMaxSize(3);
        Arbitrary<Tensor> tensor =
                Combinators.combine(Arbitraries.of(Dtype.class), shape, Arbitraries.longs())
                        .as(Tensor::random);
        return Arbitraries.maps(names(), tensor).ofMaxSize(6);
    }

    @Provide
    Arbitrary<Map<String, String>> metadata() {
        return Arbitraries.maps(names(), names()).ofMaxSize(3);
    }

    private static Arbitrary<String> names() {
        Arbitrary<String> plain = Arbitraries.strings().alpha().numeric().withChars('.', '_');
        return Arbitraries.oneOf(
                plain, Arbitraries.strings().withCharRange('\0', '\ud7ff').ofMaxLength(8));
    }
}
