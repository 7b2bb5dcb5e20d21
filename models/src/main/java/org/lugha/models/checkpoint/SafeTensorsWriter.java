package org.lugha.models.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Lays tensors out, writes the header, then lets each tensor write its bytes. */
final class SafeTensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int ALIGNMENT = 8;

    private SafeTensorsWriter() {}

    private record Named(String name, Source source) {}

    /** The reference writer's order: widest types first, so that everything is aligned. */
    private static final Comparator<Named> LAYOUT =
            Comparator.comparing((Named t) -> t.source.dtype())
                    .reversed()
                    .thenComparing(t -> t.name.codePoints().toArray(), Arrays::compare);

    static void write(Path file, Map<String, Source> tensors, Map<String, String> metadata) {
        List<Named> order = new ArrayList<>();
        tensors.forEach((name, source) -> order.add(new Named(name, source)));
        order.sort(LAYOUT);
        try (Staged staged = Staged.file(file)) {
            fill(file, staged.path(), order, header(order, metadata));
            staged.commit();
        } catch (IOException e) {
            throw Staged.cannotWrite(file, e);
        }
    }

    private static void fill(Path file, Path staging, List<Named> order, ByteBuffer header)
            throws IOException {
        try (FileChannel out = FileChannel.open(staging, StandardOpenOption.WRITE)) {
            while (header.hasRemaining()) {
                out.write(header);
            }
            for (Named t : order) {
                write(file, t, out);
            }
        }
    }

    private static void write(Path file, Named t, FileChannel out) throws IOException {
        long begin = out.position();
        t.source.content().writeTo(new SlotWriter.Guarded(out));
        long written = out.position() - begin;
        if (written != t.source.bytes()) {
            throw new CheckpointException(
                    String.format(
                            Locale.ROOT,
                            "cannot write %s: expected %d bytes of %s, its source gave %d; the source must write all of the tensor and no more",
                            file,
                            t.source.bytes(),
                            Reason.quote(t.name),
                            written));
        }
    }

    /** The header of tensors that come later, and where each begins in the file. */
    static ByteBuffer layOut(Map<String, Slot> slots, Map<String, Long> begins) {
        List<Named> order = new ArrayList<>();
        slots.forEach(
                (name, s) -> order.add(new Named(name, new Source(s.dtype(), s.shape(), _ -> {}))));
        order.sort(LAYOUT);
        ByteBuffer header = header(order, Map.of("format", "pt"));
        long at = header.remaining();
        for (Named t : order) {
            begins.put(t.name, at);
            at += t.source.bytes();
        }
        return header;
    }

    private static ByteBuffer header(List<Named> order, Map<String, String> metadata) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator g = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            g.writeStartObject();
            if (!metadata.isEmpty()) {
                g.writeObjectPropertyStart("__metadata__");
                metadata.forEach(g::writeStringProperty);
                g.writeEndObject();
            }
            long at = 0;
            for (Named t : order) {
                long end = at + t.source.bytes();
                g.writeObjectPropertyStart(t.name);
                g.writeStringProperty("dtype", t.source.dtype().name());
                g.writeName("shape");
                g.writeArray(t.source.shape(), 0, t.source.shape().length);
                g.writeName("data_offsets");
                g.writeArray(new long[] {at, end}, 0, 2);
                g.writeEndObject();
                at = end;
            }
            g.writeEndObject();
        }
        int length = (json.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] padded = Arrays.copyOf(json.toByteArray(), length);
        Arrays.fill(padded, json.size(), length, (byte) ' ');
        return ByteBuffer.allocate(Long.BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(padded)
                .flip();
    }
}
