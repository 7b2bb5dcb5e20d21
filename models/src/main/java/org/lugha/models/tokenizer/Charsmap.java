package org.lugha.models.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * SentencePiece's compiled normalization rules: the size of a double array in bytes, the array, and
 * the texts it points into, each closed by a zero byte.
 *
 * <p>A unit of the array is 32 bits: label in the lowest 8 and the highest, bit 8 says that a value
 * follows, bits 10 to 30 are the offset, times 256 where bit 9 is set. See <a
 * href="https://github.com/s-yata/darts-clone">darts-clone</a>.
 */
final class Charsmap {
    private static final int VALUE = 0x7FFF_FFFF;
    private static final int LABEL = 0x8000_00FF;

    private final int[] units;
    private final byte[] texts;

    private Charsmap(int[] units, byte[] texts) {
        this.units = units;
        this.texts = texts;
    }

    static Charsmap read(byte[] blob, String from) {
        ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        long size = blob.length > 4 ? in.getInt() & 0xFFFF_FFFFL : -1;
        if (size < 4 || size % 4 != 0 || size >= blob.length - 4L) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected a precompiled_charsmap with an array of whole units and texts, got %d bytes of array in %d; is the file complete?",
                            from,
                            size,
                            blob.length));
        }
        int[] units = new int[(int) size / 4];
        in.asIntBuffer().get(units);
        byte[] texts = new byte[blob.length - 4 - (int) size];
        in.position(4 + (int) size).get(texts);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(texts));
        } catch (CharacterCodingException e) {
            throw new TokenizerException(
                    "%s: expected the texts of precompiled_charsmap in UTF-8, got other bytes; is the file complete?"
                            .formatted(from),
                    e);
        }
        return new Charsmap(units, texts);
    }

    /** A rule that holds at some place: how many bytes it replaces, and where its text begins. */
    record Rule(int length, int text) {}

    /** The shortest or longest rule for the bytes from {@code from} on, or null. */
    Rule find(byte[] bytes, int from, int to, boolean longest) {
        int node = offset(units[0]);
        Rule best = null;
        for (int i = from; i < to && bytes[i] != 0; i++) {
            int label = bytes[i] & 0xFF;
            node ^= label;
            if (node >= units.length || (units[node] & LABEL) != label) {
                break;
            }
            boolean value = (units[node] >>> 8 & 1) == 1;
            node ^= offset(units[node]);
            if (node >= units.length) {
                break;
            }
            if (value) {
                best = new Rule(i + 1 - from, units[node] & VALUE);
                if (!longest) {
                    break;
                }
            }
        }
        return best;
    }

    /** Whether there may be a rule that begins with some bytes or is a part of them. */
    boolean begins(byte[] bytes) {
        int node = offset(units[0]);
        for (byte b : bytes) {
            int label = b & 0xFF;
            node ^= label;
            if (label == 0 || node >= units.length || (units[node] & LABEL) != label) {
                return false;
            }
            if ((units[node] >>> 8 & 1) == 1) {
                return true;
            }
            node ^= offset(units[node]);
        }
        return true;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    /** The text of a rule. */
    String text(Rule rule) {
        int end = rule.text;
        while (end < texts.length && texts[end] != 0) {
            end++;
        }
        return rule.text >= texts.length
                ? ""
                : new String(texts, rule.text, end - rule.text, StandardCharsets.UTF_8);
    }
}
