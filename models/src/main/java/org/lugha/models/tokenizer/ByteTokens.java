package org.lugha.models.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The tokens {@code <0x00>} to {@code <0xFF>}, which spell what the vocabulary lacks. */
record ByteTokens(int[] ids) {
    static ByteTokens of(Map<String, Integer> vocab) {
        int[] ids = new int[256];
        for (int b = 0; b < 256; b++) {
            ids[b] = vocab.getOrDefault(name(b), -1);
        }
        return new ByteTokens(ids);
    }

    boolean has(int id) {
        for (int own : ids) {
            if (own == id) {
                return true;
            }
        }
        return false;
    }

    /** Of all bytes in their order. */
    static List<String> names() {
        return IntStream.range(0, 256).mapToObj(ByteTokens::name).toList();
    }

    static String name(int b) {
        return "<0x%02X>".formatted(b);
    }

    /** Adds the bytes of a range if there is a token for each of them. */
    boolean spell(String piece, int from, int to, TokenList out) {
        byte[] bytes = new byte[3 * (to - from)];
        int n = 0;
        for (int i = from; i < to; ) {
            int c = piece.codePointAt(i);
            n += ByteAlphabet.utf8(c, bytes, n);
            i += Character.charCount(c);
        }
        for (int i = 0; i < n; i++) {
            if (ids[bytes[i] & 0xFF] < 0) {
                return false;
            }
        }
        for (int i = 0; i < n; i++) {
            out.add(ids[bytes[i] & 0xFF], from, to);
        }
        return true;
    }

    /** The byte that a token stands for, or -1. */
    static int byteOf(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
            return -1;
        }
        int high = hex(token.charAt(3));
        int low = hex(token.charAt(4));
        return high < 0 || low < 0 ? -1 : 16 * high + low;
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
