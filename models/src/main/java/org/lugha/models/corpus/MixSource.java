package org.lugha.models.corpus;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.lugha.models.RequestException;
import org.lugha.models.data.ByteLines;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.Rows;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The examples of a file by their numbers: where they begin is held, the file is mapped. */
final class MixSource implements AutoCloseable {
    private final DataFile file;
    private final Rows rows;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes;
    private long[] begins = new long[1 << 10];
    private int size;
    private String format = "";
    private String target = "";

    /** Reads all lines once; one that cannot be read is refused. */
    MixSource(DataFile file) {
        this.file = file;
        this.rows = new Rows(file.path());
        index();
        try (FileChannel channel = FileChannel.open(file.path())) {
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            arena.close();
            throw new RequestException(file.path() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    DataFile file() {
        return file;
    }

    int size() {
        return size;
    }

    /** The file's, or that into which its first line translates; empty where nobody says it. */
    String language() {
        return file.language().isEmpty() ? target : file.language();
    }

    /** By the keys of the first line. */
    String format() {
        return format;
    }

    /** A line of JSON lines that is the example. */
    byte[] line(long number) {
        long begin = begins[(int) number];
        long end = begin;
        while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
            end++;
        }
        byte[] line = bytes.asSlice(begin, end - begin).toArray(ValueLayout.JAVA_BYTE);
        boolean said = file.language().isEmpty() || format.equals("translation");
        if (said && rows.kind() == Rows.Kind.JSON) {
            return line.length > 0 && line[line.length - 1] == '\r'
                    ? Arrays.copyOf(line, line.length - 1)
                    : line;
        }
        String s = new String(line, StandardCharsets.UTF_8);
        ObjectNode o =
                (ObjectNode) rows.read(s.endsWith("\r") ? s.substring(0, s.length() - 1) : s, 0);
        if (!said && !o.has("language")) {
            o.put("language", file.language());
        }
        return JsonMapper.shared().writeValueAsBytes(o);
    }

    private void index() {
        try (ByteLines lines = new ByteLines(file.path())) {
            long begin = 0;
            while (lines.next()) {
                String s = lines.text();
                if (lines.number() == 1 && rows.hasHeader()) {
                    rows.header(s);
                } else if (!s.isBlank()) {
                    JsonNode value = rows.read(s, lines.number());
                    if (size == 0) {
                        format = Said.format(value);
                        target = value.path("tgt_lang").asString("");
                    }
                    if (size == begins.length) {
                        begins = Arrays.copyOf(begins, 2 * size);
                    }
                    begins[size++] = begin + (lines.hasMark() ? 3 : 0);
                }
                begin = lines.position();
            }
        }
        if (size == 0) {
            throw new RequestException(file.path() + ": is empty; it needs at least one example");
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
