package org.lugha.models.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A safetensors file: 8 bytes header length N (little-endian), N bytes of JSON, the tensors' bytes.
 *
 * <p>Reading maps the file, so opening costs the header alone. Every rule of the format is checked
 * and a file that breaks one is refused with a {@link CheckpointException}.
 */
public final class SafeTensors implements AutoCloseable {
    private static final long LONGEST_HEADER = 100_000_000;

    /** Without padding: what tens of thousands of tensors take, many times over. */
    private static final long LONGEST_JSON = 32_000_000;

    private final Path file;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;
    private final Arena owned;

    private SafeTensors(Path file, Header header, MemorySegment data, Arena owned) {
        Map<String, Entry> read = new LinkedHashMap<>();
        for (Header.Tensor t : header.tensors()) {
            MemorySegment bytes = data.asSlice(t.begin(), t.end() - t.begin());
            read.put(t.name(), new Entry(t.name(), t.dtype(), t.shape(), bytes));
        }
        this.file = file;
        this.entries = Collections.unmodifiableMap(read);
        this.metadata = Collections.unmodifiableMap(header.metadata());
        this.owned = owned;
    }

    /** Maps a file read-only. */
    public static SafeTensors open(Path file) {
        return open(file, Mapping.READ_ONLY);
    }

    /** Maps a file; its memory lives until {@code close} and may be used by any thread. */
    public static SafeTensors open(Path file, Mapping mapping) {
        Arena arena = Arena.ofShared();
        try {
            return read(file, mapping, arena, arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** Maps a file into an arena of the caller's; {@code close} then does nothing. */
    public static SafeTensors open(Path file, Mapping mapping, Arena arena) {
        return read(file, mapping, arena, null);
    }

    private static SafeTensors read(Path file, Mapping mapping, Arena arena, Arena owned) {
        MemorySegment all = map(file, mapping, arena);
        if (all.byteSize() < Long.BYTES) {
            throw Header.damaged(
                    file, "8 bytes that give the header's length", all.byteSize() + " bytes");
        }
        long n = all.get(JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (n < 0 || n > LONGEST_HEADER || (all.byteSize() > 8 && all.get(JAVA_BYTE, 8) != '{')) {
            Foreign.refuse(file, all);
        }
        if (n < 0 || n > LONGEST_HEADER) {
            throw Header.damaged(
                    file,
                    String.format(Locale.ROOT, "a header of at most %d bytes", LONGEST_HEADER),
                    Long.toUnsignedString(n));
        }
        long dataBytes = all.byteSize() - Long.BYTES - n;
        if (dataBytes < 0) {
            throw Header.damaged(
                    file,
                    String.format(Locale.ROOT, "a header of %d bytes", n),
                    String.format(Locale.ROOT, "a file of %d bytes", all.byteSize()));
        }
        long end = Long.BYTES + n;
        while (end > Long.BYTES && all.get(JAVA_BYTE, end - 1) == ' ') {
            end--; // padding, of which nobody wants a copy
        }
        if (end - Long.BYTES > LONGEST_JSON) {
            throw Header.damaged(
                    file,
                    String.format(
                            Locale.ROOT, "a header of at most %d bytes and padding", LONGEST_JSON),
                    end - Long.BYTES + " bytes");
        }
        byte[] json = all.asSlice(Long.BYTES, end - Long.BYTES).toArray(JAVA_BYTE);
        Header header = Header.parse(file, json, dataBytes);
        return new SafeTensors(file, header, all.asSlice(Long.BYTES + n), owned);
    }

    private static MemorySegment map(Path file, Mapping mapping, Arena arena) {
        try {
            if (mapping == Mapping.PRIVATE) {
                try (FileChannel c =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return c.map(MapMode.PRIVATE, 0, c.size(), arena);
                } catch (FileSystemException e) {
                    // Java maps PRIVATE only what it may write; a file it may only read is copied.
                    return copy(file, arena);
                }
            }
            try (FileChannel c = FileChannel.open(file)) {
                return c.map(MapMode.READ_ONLY, 0, c.size(), arena);
            }
        } catch (IOException e) {
            throw cannotOpen(file, e);
        }
    }

    /** The whole file in memory that is not mapped: what PRIVATE falls back to. */
    static MemorySegment copy(Path file, Arena arena) throws IOException {
        try (FileChannel c = FileChannel.open(file);
                Arena mapped = Arena.ofConfined()) {
            return arena.allocate(c.size()).copyFrom(c.map(MapMode.READ_ONLY, 0, c.size(), mapped));
        }
    }

    static CheckpointException cannotOpen(Path file, IOException e) {
        return new CheckpointException(
                "cannot read %s: %s; check the path and its permissions"
                        .formatted(file, Reason.of(e)),
                e);
    }

    /** Writes a file with the metadata {@code {"format":"pt"}} that readers of weights expect. */
    public static void write(Path file, Map<String, Source> tensors) {
        write(file, tensors, Map.of("format", "pt"));
    }

    /**
     * Writes a file, streaming; it appears under its name when complete. Tensors are laid out as
     * the reference writer does: by {@link Dtype} from last to first, then by name.
     */
    public static void write(Path file, Map<String, Source> tensors, Map<String, String> metadata) {
        SafeTensorsWriter.write(file, tensors, metadata);
    }

    /** The file this was read from. */
    public Path file() {
        return file;
    }

    /** The tensors by name, in the order of their bytes in the file. */
    public Map<String, Entry> entries() {
        return entries;
    }

    /** What {@code __metadata__} holds; empty where it is missing. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Unmaps the file; the entries' memory must not be touched after this. */
    @Override
    public void close() {
        if (owned != null && owned.scope().isAlive()) {
            owned.close();
        }
    }
}
