package org.lugha.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.lugha.models.RequestException;

/**
 * The lines of a UTF-8 file, one after the other in a buffer of a mebibyte. A line that does not
 * fit comes in pieces, which begin at a space where there is one.
 */
final class TextLines {
    private static final int ROOM = 1 << 20;

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[ROOM];
    private int begin;
    private int end;
    private long number = 1;
    private long read;

    TextLines(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** Hands on what is not blank, and then how many bytes have been read. */
    void forEach(Consumer<String> texts, Runnable after) throws IOException {
        for (int searched = 0; fill(); searched = end - begin) {
            int newline = find(begin + searched);
            while (newline < end) {
                take(begin, newline, true, texts);
                begin = newline + 1;
                number++;
                newline = find(begin);
            }
            if (end - begin == ROOM) {
                int cut = cut();
                take(begin, cut, false, texts);
                begin = cut;
            }
            after.run();
        }
        if (end > begin) {
            take(begin, end, true, texts);
        }
    }

    /** The number of bytes that have been read. */
    long position() {
        return read;
    }

    private boolean fill() throws IOException {
        System.arraycopy(buffer, begin, buffer, 0, end - begin);
        end -= begin;
        begin = 0;
        int n = in.read(buffer, end, ROOM - end);
        end += Math.max(0, n);
        read += Math.max(0, n);
        return n > 0;
    }

    private int find(int from) {
        int i = from;
        while (i < end && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    /** Before the last space of the second half, or else before the last character. */
    private int cut() {
        for (int i = end - 1; i > ROOM / 2; i--) {
            if (buffer[i] == ' ') {
                return i;
            }
        }
        int i = end - 1;
        while (i > end - 4 && (buffer[i] & 0xC0) == 0x80) {
            i--;
        }
        return i;
    }

    private void take(int from, int to, boolean whole, Consumer<String> texts) {
        String s = new String(buffer, from, to - from, UTF_8);
        if (s.indexOf('\uFFFD') >= 0) {
            requireUtf8(Arrays.copyOfRange(buffer, from, to));
        }
        if (whole && s.endsWith("\r")) {
            s = s.substring(0, s.length() - 1);
        }
        if (number == 1 && read <= ROOM && s.startsWith("\uFEFF")) {
            s = s.substring(1);
        }
        if (!s.isBlank()) {
            texts.accept(s);
        }
    }

    private void requireUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new RequestException(
                    file + ":" + number + ": is not valid UTF-8; convert the file to UTF-8", e);
        }
    }
}
