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
}
