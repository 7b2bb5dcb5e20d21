package org.lugha.models.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Numbers outside the heap: written one after the other, then {@link #seal sealed} and read in any
 * order by any thread. Up to a limit they lie in memory; a column that outgrows it goes on in a
 * temporary file, which is mapped when it is sealed, so that the system keeps in memory what is in
 * use. The file has no name as soon as it is open, and so is gone even if the program is killed.
 */
final class Column implements AutoCloseable {
    /** Bytes of one column that stay in memory. */
    static final long IN_MEMORY = 256L << 20;

    private static final long FIRST = 1 << 12;
    private static final long BUFFER = 1 << 20;
    private static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final long limit;
    private final Path folder;
    private Arena arena = Arena.ofShared();
    private MemorySegment bytes = MemorySegment.NULL;
    private long used;
    private long written;
    private Path path;
    private FileChannel file;

    Column() {
        this(IN_MEMORY);
    }

    /** One that leaves memory earlier or later. */
    Column(long limit) {
        this(limit, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** One that goes on in a file of that folder. */
    Column(long limit, Path folder) {
        this.limit = limit;
        this.folder = folder;
    }

    void addByte(int value) {
        reserve(1);
        bytes.set(ValueLayout.JAVA_BYTE, used++, (byte) value);
    }

    /** 0 to 65,535. */
    void addChar(int value) {
        reserve(Character.BYTES);
        bytes.set(CHAR, used, (char) value);
        used += Character.BYTES;
    }

    void addInt(int value) {
        reserve(Integer.BYTES);
        bytes.set(INT, used, value);
        used += Integer.BYTES;
    }

    void addLong(long value) {
        reserve(Long.BYTES);
        bytes.set(LONG, used, value);
        used += Long.BYTES;
    }

    /** No more is written from here on. */
    void seal() {
        try {
            if (file == null) {
                move(used);
                return;
            }
            flush();
            arena.close();
            arena = Arena.ofShared();
            bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, written, arena);
            file.close();
        } catch (IOException e) {
            throw full(e);
        }
    }

    int getByte(long at) {
        return bytes.get(ValueLayout.JAVA_BYTE, at);
    }

    int getChar(long index) {
        return bytes.get(CHAR, index * Character.BYTES);
    }

    int getInt(long index) {
        return bytes.get(INT, index * Integer.BYTES);
    }

    long getLong(long index) {
        return bytes.get(LONG, index * Long.BYTES);
    }

    /** Copies whole numbers that are stored in four bytes. */
    void getInts(long index, int[] out) {
        MemorySegment.copy(bytes, INT, index * Integer.BYTES, out, 0, out.length);
    }

    /** Bytes in all. */
    long size() {
        return written + used;
    }

    /** Whether it has outgrown its memory. */
    boolean inFile() {
        return file != null;
    }

    private void reserve(long more) {
        if (used + more <= bytes.byteSize()) {
            return;
        }
        if (file == null && used + more > limit) {
            open();
        }
        if (file == null) {
            move(Math.min(limit, Math.max(FIRST, 2 * bytes.byteSize())));
        } else {
            flush();
        }
    }

    /** To a segment of {@code size} bytes, which holds what is there. */
    private void move(long size) {
        Arena next = Arena.ofShared();
        MemorySegment to = next.allocate(Math.max(1, size), Long.BYTES);
        MemorySegment.copy(bytes, 0, to, 0, used);
        arena.close();
        arena = next;
        bytes = to;
    }

    private void open() {
        try {
            path = Files.createTempFile(folder, "lugha-data", ".tmp");
            file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            deleteFile();
            flush();
            arena.close();
            arena = Arena.ofShared();
            bytes = arena.allocate(BUFFER, Long.BYTES);
        } catch (IOException e) {
            throw full(e);
        }
    }

    private void flush() {
        try {
            for (long at = 0; at < used; ) {
                ByteBuffer part = bytes.asSlice(at, Math.min(BUFFER, used - at)).asByteBuffer();
                at += part.remaining();
                while (part.hasRemaining()) {
                    file.write(part);
                }
            }
            written += used;
            used = 0;
        } catch (IOException e) {
            throw full(e);
        }
    }

    private UncheckedIOException full(IOException e) {
        return new UncheckedIOException(
                "tokens outside memory: cannot be kept in the temporary folder "
                        + folder
                        + " ("
                        + e.getMessage()
                        + "); free space there or name another folder with"
                        + " LUGHA_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
                new IOException(e));
    }

    /** Systems that keep the name of an open file get another try when it is closed. */
    private void deleteFile() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            path.toFile().deleteOnExit();
        }
    }

    /** Where its file would be found by others; it is not, on most systems. */
    Path path() {
        return path;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw full(e);
            } finally {
                deleteFile();
            }
        }
    }
}
