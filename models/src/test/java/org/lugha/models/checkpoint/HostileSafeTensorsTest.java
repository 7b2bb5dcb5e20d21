package org.lugha.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule of the format, broken once. */
class HostileSafeTensorsTest {
    @TempDir Path dir;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1] | begins with '{'",
                "{ | JSON header",
                "{} x | JSON header",
                "{}{} | nothing after the JSON object",
                "{\"a\":1} | 'a' to be an object",
                "{\"__metadata__\":[]} | __metadata__ to be an object",
                "{\"__metadata__\":{\"a\":1}} | strings only",
                "{\"a\":{}} | dtype, shape and data_offsets",
                "{\"a\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,8]}} | got 'F4'",
                "{\"a\":{\"dtype\":8,\"shape\":[2],\"data_offsets\":[0,8]}} | dtype as text",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | got -2",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | whole numbers",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}} | whole numbers",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}} | JSON",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,8]}} | of a size",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | in 12 bytes, got 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | [begin, end]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}} | [begin, end]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | begin at byte 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 bytes of data",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | 12 bytes of data",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | begin at byte 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | Duplicate",
                "{\"x\\ny\":1} | 'x?y'",
            })
    void refusesHeader(String header, String words) throws IOException {
        refused(file(header.getBytes(StandardCharsets.UTF_8), header.length(), 8), words);
    }

    @Test
    void refusesWhatIsNoHeader() throws IOException {
        refused(file(new byte[0], 0, 0), "begins with '{'");
        refused(file(new byte[0], -1, 0), "at most 100000000 bytes, got 18446744073709551615");
        refused(file(new byte[0], 100_000_001, 0), "at most 100000000 bytes");
        refused(file("{}".getBytes(StandardCharsets.UTF_8), 11, 8), "a header of 11 bytes");
        refused(file(new byte[] {'{', '"', (byte) 0xC3, '"', '}'}, 5, 0), "UTF-8");
        refused(Files.write(dir.resolve("short"), new byte[7]), "7 bytes");
        refused(Files.write(dir.resolve("none"), new byte[0]), "0 bytes");
        refused(dir.resolve("absent"), "no such file");
        refused(dir, "cannot read");
    }

    /** What is large costs time and memory: it is refused before it is read, or soon after. */
    @Test
    void refusesWhatIsTooLarge() throws IOException {
        StringBuilder tensors = new StringBuilder("{");
        for (int i = 0; i <= 100_000; i++) {
            tensors.append(
                    "\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
        }
        refused(file(tensors), "at most 100000 tensors");
        StringBuilder metadata = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i <= 10_000; i++) {
            metadata.append("\"%d\":\"\",".formatted(i));
        }
        refused(file(metadata), "at most 10000 keys of metadata");
        String shape = "1,".repeat(64) + "1";
        refused(
                file("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + shape + "],\"data_offsets\":[0,1]}}"),
                "shape of at most 64 numbers");
        refused(file("{\"" + "a".repeat(60_000) + "\":1}"), "JSON header");
        refused(file("{\"a\":{\"b\":" + "[".repeat(100_000)), "JSON header");
        refused(file("{\"a\":{\"b\":" + "{\"a\":".repeat(100_000)), "JSON header");
        refused(file("{\"a\":\"" + "a".repeat(32_000_000) + "\"}"), "32000000 bytes and padding");
        refused(file("{\0}\0"), "UTF-8");
    }

    @Test
    void aLargeHeaderThatIsInOrderIsRead() throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"é\":\"");
        header.append("é".repeat(1_000_000)).append("\"}");
        for (int i = 0; i < 20_000; i++) {
            header.append(
                    ",\"layer.%d.weight\":{\"dtype\":\"U8\",\"shape\":[0,4],\"data_offsets\":[0,0]}"
                            .formatted(i));
        }
        header.append('}').repeat(' ', 40_000_000);
        try (SafeTensors read = SafeTensors.open(file(header))) {
            assertEquals(20_000, read.entries().size());
            assertEquals(1_000_000, read.metadata().get("é").length());
        }
    }

    private Path file(CharSequence header) throws IOException {
        byte[] bytes = header.toString().getBytes(StandardCharsets.UTF_8);
        return file(bytes, bytes.length, 0);
    }

    @Test
    void refusesPicklesAndGgufByTheirFirstBytes() throws IOException {
        byte[] zip = {'P', 'K', 3, 4, 20, 0, 0, 0, 8, 8};
        refused(Files.write(dir.resolve("a"), zip), "Python pickle, which can run code");
        byte[] pickle = {(byte) 0x80, 2, 'c', 'o', 's', '\n', 's', 'y', 's'};
        refused(Files.write(dir.resolve("b"), pickle), "Python pickle, which can run code");
        byte[] gguf = {'G', 'G', 'U', 'F', 3, 0, 0, 0, '{', 0};
        refused(Files.write(dir.resolve("c"), gguf), "GGUF");
    }

    @Test
    void refusesAFileCutAtAnyByte() throws IOException {
        byte[] whole =
                Files.readAllBytes(
                        SharedData.beside(SafeTensorsTest.class, "all-types.safetensors"));
        for (int n = 0; n < whole.length; n++) {
            refused(Files.write(dir.resolve("cut"), Arrays.copyOf(whole, n)), "damaged");
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        refused(Files.write(dir.resolve("cut"), longer), "damaged");
    }

    private Path file(byte[] header, long length, int dataBytes) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(dir.resolve("file"), bytes.putLong(length).put(header).array());
    }

    static void refused(Path file, String words) {
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> SafeTensors.open(file).close());
        assertTrue(e.getMessage().contains(words), e::getMessage);
        assertTrue(e.getMessage().startsWith("cannot read " + file), e::getMessage);
        assertFalse(e.getMessage().contains("\n"), e::getMessage);
    }
}
