package org.lugha.models.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads the fields of one protobuf message, see the <a
 * href="https://protobuf.dev/programming-guides/encoding/">encoding</a>. Lengths are checked
 * against the bytes that are there.
 */
final class ProtoReader {
    private final ByteBuffer in;
    private final String file;
    private int wire;

    ProtoReader(ByteBuffer in, String file) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.file = file;
    }

    /** The number of the next field, or 0 at the end. */
    int next() {
        if (!in.hasRemaining()) {
            return 0;
        }
        long tag = varint();
        wire = (int) tag & 7;
        long field = tag >>> 3;
        if (field < 1 || field > 0x1FFF_FFFF) {
            throw broken("a field number", field);
        }
        return (int) field;
    }

    long number() {
        need(0);
        return varint();
    }

    boolean flag() {
        return number() != 0;
    }

    float real() {
        need(5);
        return Float.intBitsToFloat(take(4).getInt());
    }

    ByteBuffer bytes() {
        need(2);
        return take(varint());
    }

    byte[] array() {
        ByteBuffer bytes = bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    ProtoReader message() {
        return new ProtoReader(bytes(), file);
    }

    String text() {
        ByteBuffer bytes = bytes();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new TokenizerException(
                    "%s: expected text in UTF-8, got other bytes; is it a model of SentencePiece?"
                            .formatted(file),
                    e);
        }
    }

    void skip() {
        switch (wire) {
            case 0 -> varint();
            case 1 -> take(8);
            case 2 -> take(varint());
            case 5 -> take(4);
            default -> throw broken("a wire type of 0, 1, 2 or 5", wire);
        }
    }

    private void need(int type) {
        if (wire != type) {
            throw broken("a field of wire type " + type, wire);
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64 && in.hasRemaining(); shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw broken("a whole varint", in.remaining());
    }

    private ByteBuffer take(long length) {
        if (length < 0 || length > in.remaining()) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected a field of %d bytes, got %d that are left; is the file complete?",
                            file,
                            length,
                            in.remaining()));
        }
        ByteBuffer part = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + (int) length);
        return part;
    }

    private TokenizerException broken(String expected, long got) {
        return new TokenizerException(
                String.format(
                        Locale.ROOT,
                        "%s: expected %s, got %d; is it a model of SentencePiece?",
                        file,
                        expected,
                        got));
    }
}
