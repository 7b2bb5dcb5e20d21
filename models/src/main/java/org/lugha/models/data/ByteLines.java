package org.lugha.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.lugha.models.RequestException;

/**
 * The lines of a file as bytes, one after the other in a buffer that grows to the longest of them.
 * A line of more than {@link #LONGEST} bytes is passed over without being held; {@link #text}
 * refuses it, and what is not UTF-8, in one line of text.
 */
public final class ByteLines implements AutoCloseable {
    /** Bytes a line may have: 16 MiB. */
    public static final int LONGEST = 16 << 20;

    private static final int READ = 1 << 17;

    private final Path file;
    private final InputStream in;
    private byte[] buffer = new byte[READ];
    private int from;
    private int to;
    private int after;
    private int end;
    private long number;
    private long length;
    private long passed;
    private boolean lineFeed;

    public ByteLines(Path file) {
        this.file = file;
        this.in = ExampleFile.open(file);
    }

    /** Goes to the next line; false where there is none. */
    public boolean next() {
        number++;
        from = after;
        int i = from;
        while (true) {
            while (i < end && buffer[i] != '\n') {
                i++;
            }
            if (i < end) {
                return found(i, true);
            }
            if (end - from > LONGEST) {
                return passOver();
            }
            int searched = i - from;
            if (!fill()) {
                return end > from && found(end, false);
            }
            i = from + searched;
        }
    }

    /** Counted from 1. */
    public long number() {
        return number;
    }

    /** Bytes of this line, its line feed not among them. */
    public long length() {
        return length;
    }

    public boolean isTooLong() {
        return length > LONGEST;
    }

    /** Whether a line feed ends the line; the last one of a file may have none. */
    public boolean hasLineFeed() {
        return lineFeed;
    }

    /** Whether the line ends in CR LF. */
    public boolean hasCarriageReturn() {
        return lineFeed && to > from && buffer[to - 1] == '\r';
    }

    /** Whether the file begins with a byte order mark and this is its first line. */
    public boolean hasMark() {
        return number == 1
                && to - from >= 3
                && buffer[from] == (byte) 0xEF
                && buffer[from + 1] == (byte) 0xBB
                && buffer[from + 2] == (byte) 0xBF;
    }

    /** How much of the file lies before the next line. */
    public long position() {
        return passed;
    }

    /** The line without a carriage return at its end and a byte order mark at the file's begin. */
    public String text() {
        if (isTooLong()) {
            throw wrong("is longer than " + (LONGEST >> 20) + " MiB; split it into several lines");
        }
        int begin = hasMark() ? from + 3 : from;
        int last = to > begin && buffer[to - 1] == '\r' ? to - 1 : to;
        String s = new String(buffer, begin, last - begin, UTF_8);
        int broken = s.indexOf('\uFFFD') < 0 ? -1 : firstInvalid();
        if (broken >= 0) {
            throw wrong(
                    String.format(
                            Locale.ROOT,
                            "is not valid UTF-8 (0x%02X, byte %d of the line); convert the file to"
                                    + " UTF-8",
                            buffer[from + broken],
                            broken + 1));
        }
        return s;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be closed: " + e.getMessage(), e);
        }
    }

    private boolean found(int at, boolean ended) {
        to = at;
        after = ended ? at + 1 : at;
        length = (long) to - from;
        lineFeed = ended;
        passed += after - from;
        return true;
    }

    private boolean passOver() {
        length = 0;
        while (true) {
            int i = from;
            while (i < end && buffer[i] != '\n') {
                i++;
            }
            length += i - from;
            if (i < end) {
                from = i;
                to = i;
                after = i + 1;
                lineFeed = true;
                passed += length + 1;
                return true;
            }
            from = end;
            if (!fill()) {
                to = end;
                after = end;
                lineFeed = false;
                passed += length;
                return true;
            }
        }
    }

    /** Makes room behind the line under way and reads on; false at the file's end. */
    private boolean fill() {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, end - from);
            end -= from;
            from = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, LONGEST + READ));
        }
        try {
            int n = in.read(buffer, end, Math.min(READ, buffer.length - end));
            end += Math.max(0, n);
            return n > 0;
        } catch (IOException e) {
            throw new RequestException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }

    private int firstInvalid() {
        CharsetDecoder strict = UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(buffer, from, to - from).slice();
        CharBuffer sink = CharBuffer.allocate(1 << 13);
        CoderResult result = strict.decode(bytes, sink, true);
        while (result.isOverflow()) {
            sink.clear();
            result = strict.decode(bytes, sink, true);
        }
        return result.isError() ? bytes.position() : -1;
    }

    private RequestException wrong(String what) {
        return new RequestException(file + ":" + number + ": " + what);
    }
}
