package org.lugha.models.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file whose tensors come in any order, each when it is made: types and shapes are
 * known beforehand, so that every tensor has its place. For weights that are converted one by one.
 */
public final class SlotWriter implements AutoCloseable {
    private final Path file;
    private final Map<String, Slot> slots;
    private final Map<String, Long> at = new HashMap<>();
    private final Set<String> missing;
    private final Staged staged;
    private final FileChannel out;

    private SlotWriter(Path file, Map<String, Slot> slots, Staged staged, FileChannel out) {
        this.file = file;
        this.slots = slots;
        this.missing = new LinkedHashSet<>(slots.keySet());
        this.staged = staged;
        this.out = out;
    }

    /** Makes the file and writes its header; it appears under its name with {@link #commit}. */
    public static SlotWriter open(Path file, Map<String, Slot> slots) {
        Staged staged = Staged.file(file);
        try {
            FileChannel out = FileChannel.open(staged.path(), StandardOpenOption.WRITE);
            SlotWriter w = new SlotWriter(file, slots, staged, out);
            w.header();
            return w;
        } catch (IOException e) {
            staged.close();
            throw Staged.cannotWrite(file, e);
        }
    }

    private void header() throws IOException {
        ByteBuffer header = SafeTensorsWriter.layOut(slots, at);
        while (header.hasRemaining()) {
            out.write(header);
        }
    }

    /** Writes a tensor to its place. */
    public void write(String name, Source tensor) {
        Slot slot = slots.get(name);
        if (slot == null || !slot.fits(tensor) || !missing.remove(name)) {
            throw new IllegalArgumentException(
                    "cannot write %s: expected %s to be %s and to come once"
                            .formatted(file, Reason.quote(name), slot));
        }
        try {
            long begin = at.get(name);
            out.position(begin);
            tensor.content().writeTo(new Guarded(out));
            if (out.position() - begin != slot.bytes()) {
                throw new CheckpointException(
                        String.format(
                                Locale.ROOT,
                                "cannot write %s: expected %d bytes of %s, its source gave %d",
                                file,
                                slot.bytes(),
                                Reason.quote(name),
                                out.position() - begin));
            }
        } catch (IOException e) {
            throw Staged.cannotWrite(file, e);
        }
    }

    /** Gives the file its name; every tensor was written. */
    public void commit() {
        if (!missing.isEmpty()) {
            throw new IllegalStateException("cannot write " + file + ": not written: " + missing);
        }
        try {
            out.close();
        } catch (IOException e) {
            throw Staged.cannotWrite(file, e);
        }
        staged.commit();
    }

    /** Deletes what was not committed. */
    @Override
    public void close() {
        try (staged) {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source writes to the file but must not close it. */
    record Guarded(FileChannel out) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return out.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return out.isOpen();
        }

        @Override
        public void close() {}
    }
}
