package org.lugha.models.tokenizer;

import java.util.Arrays;

/**
 * GPT-2's printable stand-ins for the 256 bytes: printable Latin-1 stands for itself, the other
 * bytes, in their order, for the chars from U+0100 on.
 */
final class ByteAlphabet {
    private static final char[] CHARS = new char[256];
    private static final short[] BYTES = new short[0x144];

    static {
        Arrays.fill(BYTES, (short) -1);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b > 0x20 && b < 0x7F) || (b > 0xA0 && b != 0xAD);
            CHARS[b] = (char) (printable ? b : next++);
            BYTES[CHARS[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    static char toChar(int b) {
        return CHARS[b & 0xFF];
    }

    /** The byte a char stands for, or -1. */
    static int toByte(char c) {
        return c < BYTES.length ? BYTES[c] : -1;
    }

    /** Writes the UTF-8 of a character; half a surrogate pair has none and becomes U+FFFD. */
    static int utf8(int c, byte[] out, int at) {
        if (c < 0x80) {
            out[at] = (byte) c;
            return 1;
        }
        if (c < 0x800) {
            out[at] = (byte) (0xC0 | c >> 6);
            out[at + 1] = (byte) (0x80 | c & 0x3F);
            return 2;
        }
        if (c < 0x10000) {
            int whole = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c;
            out[at] = (byte) (0xE0 | whole >> 12);
            out[at + 1] = (byte) (0x80 | whole >> 6 & 0x3F);
            out[at + 2] = (byte) (0x80 | whole & 0x3F);
            return 3;
        }
        out[at] = (byte) (0xF0 | c >> 18);
        out[at + 1] = (byte) (0x80 | c >> 12 & 0x3F);
        out[at + 2] = (byte) (0x80 | c >> 6 & 0x3F);
        out[at + 3] = (byte) (0x80 | c & 0x3F);
        return 4;
    }

    /** A piece byte by byte; the bytes of a character have its range. */
    static Aligned spell(Aligned in) {
        int n = in.length();
        char[] mapped = new char[n];
        int i = 0;
        for (; i < n && in.charAt(i) < 0x80; i++) {
            mapped[i] = CHARS[in.charAt(i)];
        }
        if (i == n) {
            return in.replaced(new String(mapped));
        }
        Aligned.Builder out = new Aligned.Builder(in);
        byte[] bytes = new byte[4];
        for (i = 0; i < n; ) {
            int c = in.codePointAt(i);
            int count = utf8(c, bytes, 0);
            out.replace(toChar(bytes[0]));
            for (int b = 1; b < count; b++) {
                out.insert(toChar(bytes[b]));
            }
            i += Character.charCount(c);
        }
        return out.build();
    }
}
