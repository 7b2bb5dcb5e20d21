package org.lugha.models.tensorboard;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * TFRecord framing, little endian: length (8 bytes), masked CRC32C of the length (4), data, masked
 * CRC32C of the data (4). A record is one write, so a reader sees whole records but for the last
 * one of a run that was killed.
 */
final class RecordFile implements AutoCloseable {
    private final Path file;
    private final OutputStream out;

    /** A file that must not be there yet. */
    RecordFile(Path file) {
        this.file = file;
        try {
            out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void add(byte[] data) {
        byte[] length = Message.little(8).putLong(data.length).array();
        byte[] record = new byte[data.length + 16];
        ByteBuffer fields = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        fields.put(length).putInt(masked(length)).put(data).putInt(masked(data));
        try {
            out.write(record);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** A CRC of data that itself holds CRCs is weak, therefore rotated and moved. */
    static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(
                file + ": cannot be written (" + e.getMessage() + "); is there room?", e);
    }
}
