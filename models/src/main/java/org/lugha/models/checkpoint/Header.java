package org.lugha.models.checkpoint;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file, read and checked as the reference reader does: ranges in
 * file order, without overlap or gap, each as long as type and shape promise.
 */
record Header(List<Tensor> tensors, Map<String, String> metadata) {
    /** Many times more than any model has, few enough to be counted in a moment. */
    private static final int MOST_TENSORS = 100_000;

    private static final int MOST_DIMENSIONS = 64;
    private static final int MOST_METADATA = 10_000;

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** One tensor; offsets count from the end of the header. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; a shape is an array everywhere
    record Tensor(String name, Dtype dtype, long[] shape, long begin, long end) {}

    /** Reads the header and checks it against the number of data bytes that follow it. */
    static Header parse(Path file, byte[] header, long dataBytes) {
        if (header.length == 0 || header[0] != '{') {
            throw damaged(file, "a header that begins with '{'", "something else");
        }
        if (!isUtf8(header)) {
            throw damaged(file, "a header in UTF-8", "bytes that are not");
        }
        try (JsonParser p = JSON.createParser(ObjectReadContext.empty(), header)) {
            Header read = new Parsing(file, p).header();
            read.checkRanges(file, dataBytes);
            return read;
        } catch (JacksonException e) {
            throw damaged(file, "a JSON header", Reason.line(e.getOriginalMessage()));
        }
    }

    /** Checked in pieces: the text itself is wanted nowhere. No zero byte: it is not UTF-16. */
    private static boolean isUtf8(byte[] header) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(header);
        CharBuffer out = CharBuffer.allocate(1 << 13);
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
        } while (result.isOverflow());
        return !result.isError() && (header.length < 2 || header[1] != 0);
    }

    private void checkRanges(Path file, long dataBytes) {
        long at = 0;
        for (Tensor t : tensors) {
            if (t.begin != at) {
                throw damaged(
                        file,
                        String.format(
                                Locale.ROOT,
                                "%s to begin at byte %d of the data",
                                Reason.quote(t.name),
                                at),
                        "byte " + t.begin);
            }
            at = t.end;
        }
        if (at != dataBytes) {
            throw damaged(file, at + " bytes of data after the header", dataBytes + " bytes");
        }
    }

    static CheckpointException damaged(Path file, String expected, String got) {
        return new CheckpointException(
                "cannot read %s: expected %s, got %s; the file is cut short, damaged or not safetensors: copy or download it again"
                        .formatted(file, expected, got));
    }

    /** One pass over the JSON; the position in it is the parser's. */
    private record Parsing(Path file, JsonParser p) {

        Header header() {
            List<Tensor> tensors = new ArrayList<>();
            Map<String, String> metadata = Map.of();
            expect(p.nextToken(), JsonToken.START_OBJECT, "a JSON object");
            while (p.nextToken() != JsonToken.END_OBJECT) {
                String name = p.currentName();
                p.nextToken();
                if (name.equals("__metadata__")) {
                    metadata = metadata();
                } else {
                    tensors.add(tensor(name));
                    if (tensors.size() > MOST_TENSORS) {
                        throw damaged(file, "at most " + MOST_TENSORS + " tensors", "more");
                    }
                }
            }
            expect(p.nextToken(), null, "nothing after the JSON object but spaces");
            tensors.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
            return new Header(List.copyOf(tensors), metadata);
        }

        private Map<String, String> metadata() {
            Map<String, String> read = new LinkedHashMap<>();
            expect(p.currentToken(), JsonToken.START_OBJECT, "__metadata__ to be an object");
            while (p.nextToken() != JsonToken.END_OBJECT) {
                String key = p.currentName();
                expect(p.nextToken(), JsonToken.VALUE_STRING, "__metadata__ to hold strings only");
                read.put(key, p.getString());
                if (read.size() > MOST_METADATA) {
                    throw damaged(file, "at most " + MOST_METADATA + " keys of metadata", "more");
                }
            }
            return read;
        }

        private Tensor tensor(String name) {
            String what = Reason.quote(name);
            expect(p.currentToken(), JsonToken.START_OBJECT, what + " to be an object");
            String dtype = null;
            long[] shape = null;
            long[] offsets = null;
            while (p.nextToken() != JsonToken.END_OBJECT) {
                String key = p.currentName();
                p.nextToken();
                switch (key) {
                    case "dtype" -> {
                        expect(p.currentToken(), JsonToken.VALUE_STRING, what + " dtype as text");
                        dtype = p.getString();
                    }
                    case "shape" -> shape = numbers(what + " shape");
                    case "data_offsets" -> offsets = numbers(what + " data_offsets");
                    default -> p.skipChildren();
                }
            }
            if (dtype == null || shape == null || offsets == null) {
                throw damaged(file, what + " to have dtype, shape and data_offsets", "not all");
            }
            return checked(name, dtype, shape, offsets);
        }

        private Tensor checked(String name, String type, long[] shape, long[] offsets) {
            String what = Reason.quote(name);
            Dtype dtype =
                    Dtype.named(type)
                            .orElseThrow(() ->
                                    new CheckpointException(
                                            "cannot read %s: expected %s to have one of the types %s, got %s; convert it to one of them"
                                                    .formatted(
                                                            file,
                                                            what,
                                                            Arrays.toString(Dtype.values()),
                                                            Reason.quote(type))));
            if (offsets.length != 2 || offsets[1] < offsets[0]) {
                throw damaged(file, what + " data_offsets as [begin, end]", line(offsets));
            }
            long bytes;
            try {
                bytes = dtype.bytes(shape);
            } catch (ArithmeticException e) {
                throw damaged(file, what + " of a size that can be", line(shape));
            }
            if (offsets[1] - offsets[0] != bytes) {
                throw damaged(
                        file,
                        String.format(
                                Locale.ROOT, "%s %s%s in %d bytes", what, type, line(shape), bytes),
                        (offsets[1] - offsets[0]) + " bytes");
            }
            return new Tensor(name, dtype, shape, offsets[0], offsets[1]);
        }

        private static String line(long... numbers) {
            return Reason.line(Arrays.toString(numbers));
        }

        private long[] numbers(String what) {
            String wanted = what + " as a list of whole numbers from 0";
            expect(p.currentToken(), JsonToken.START_ARRAY, wanted);
            long[] read = new long[4];
            int n = 0;
            while (p.nextToken() != JsonToken.END_ARRAY) {
                expect(p.currentToken(), JsonToken.VALUE_NUMBER_INT, wanted);
                if (n == MOST_DIMENSIONS) {
                    throw damaged(file, what + " of at most " + n + " numbers", "more");
                }
                read = n == read.length ? Arrays.copyOf(read, 2 * n) : read;
                read[n] = p.getLongValue();
                if (read[n++] < 0) {
                    throw damaged(file, wanted, p.getString());
                }
            }
            return Arrays.copyOf(read, n);
        }

        private void expect(JsonToken got, JsonToken wanted, String what) {
            if (got != wanted) {
                throw damaged(file, what, got == null ? "the end of the header" : got.toString());
            }
        }
    }
}
