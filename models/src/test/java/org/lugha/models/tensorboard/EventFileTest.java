package org.lugha.models.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir Path folder;

    @Test
    void scalarsComeBackFromTheBytes() throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", 2.5);
        values.put("eval/kiswahili ñ/loss", Double.NaN);
        try (EventFile f = EventFile.begin(folder)) {
            f.scalars(300, values);
        }
        List<Map<Integer, List<Object>>> events = events(files().getFirst());
        assertEquals("brain.Event:2", text(events.get(0).get(3).getFirst()));
        double wall = Double.longBitsToDouble((Long) events.get(1).get(1).getFirst());
        assertEquals(System.currentTimeMillis() * 1e-3, wall, 60);
        assertEquals(300L, events.get(1).get(2).getFirst());
        List<Object> summary = fields((byte[]) events.get(1).get(5).getFirst()).get(1);
        assertEquals("train/loss", text(fields((byte[]) summary.get(0)).get(1).getFirst()));
        assertEquals(2.5f, number(fields((byte[]) summary.get(0)).get(2).getFirst()));
        assertEquals(
                "eval/kiswahili ñ/loss", text(fields((byte[]) summary.get(1)).get(1).getFirst()));
        assertTrue(Float.isNaN(number(fields((byte[]) summary.get(1)).get(2).getFirst())));
    }

    @Test
    void textsAreStringTensorsOfTheTextPlugin() throws IOException {
        try (EventFile f = EventFile.begin(folder)) {
            f.text("sample", 7, "# Habari\nyako");
        }
        byte[] summary = (byte[]) events(files().getFirst()).get(1).get(5).getFirst();
        Map<Integer, List<Object>> value = fields((byte[]) fields(summary).get(1).getFirst());
        assertEquals("sample/text_summary", text(value.get(1).getFirst()));
        Map<Integer, List<Object>> tensor = fields((byte[]) value.get(8).getFirst());
        assertEquals(7L, tensor.get(1).getFirst());
        assertEquals("    # Habari\n    yako", text(tensor.get(8).getFirst()));
        Map<Integer, List<Object>> metadata = fields((byte[]) value.get(9).getFirst());
        byte[] plugin = (byte[]) metadata.get(1).getFirst();
        assertEquals("text", text(fields(plugin).get(1).getFirst()));
    }

    @Test
    void aRunThatGoesOnVoidsItsLaterSteps() throws IOException {
        try (EventFile f = EventFile.begin(folder)) {
            f.scalar("train/loss", 1, 3);
        }
        byte[] first = Files.readAllBytes(files().getFirst());
        try (EventFile f = EventFile.resume(folder, 41)) {
            f.scalar("train/loss", 41, 2);
        }
        List<Path> both = files();
        assertEquals(2, both.size(), "names in order, also within a second");
        assertArrayEquals(first, Files.readAllBytes(both.getFirst()));
        List<Map<Integer, List<Object>>> events = events(both.getLast());
        assertEquals("brain.Event:2", text(events.get(0).get(3).getFirst()));
        assertEquals(41L, events.get(1).get(2).getFirst());
        byte[] log = (byte[]) events.get(1).get(7).getFirst();
        assertEquals(1L, fields(log).get(1).getFirst());
        assertTrue(
                both.getLast()
                        .getFileName()
                        .toString()
                        .matches("events.out.tfevents.\\d{10}\\..+"));
    }

    @Test
    void checksumsAreThoseOfTheFormat() {
        // RFC 3720, B.4: 32 bytes of zero have CRC32C 8a9136aa; the mask is TensorFlow's.
        int crc = 0x8a9136aa;
        assertEquals((crc >>> 15 | crc << 17) + 0xa282ead8, RecordFile.masked(new byte[32]));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    /** Every record of a file, its checksums compared. */
    private static List<Map<Integer, List<Object>>> events(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Map<Integer, List<Object>>> all = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertEquals(RecordFile.masked(length), in.getInt());
            byte[] data = new byte[(int) in.getLong(in.position() - 12)];
            in.get(data);
            assertEquals(RecordFile.masked(data), in.getInt());
            all.add(fields(data));
        }
        return all;
    }

    /** A message's fields: numbers as they lie, and bytes. */
    private static Map<Integer, List<Object>> fields(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, List<Object>> all = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            long key = varint(in);
            Object value =
                    switch ((int) (key & 7)) {
                        case 0 -> varint(in);
                        case 1 -> in.getLong();
                        case 2 -> {
                            byte[] bytes = new byte[(int) varint(in)];
                            in.get(bytes);
                            yield bytes;
                        }
                        case 5 -> in.getInt();
                        default -> throw new AssertionError("wire type of " + key);
                    };
            all.computeIfAbsent((int) (key >>> 3), k -> new ArrayList<>()).add(value);
        }
        return all;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static float number(Object bits) {
        return Float.intBitsToFloat((Integer) bits);
    }
}
