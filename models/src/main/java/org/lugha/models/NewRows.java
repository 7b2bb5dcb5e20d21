package org.lugha.models;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.Source;

/**
 * Tables with a row for each new token, the mean of other rows.
 *
 * @param first where they begin
 * @param parts the rows that each is the mean of; of all old ones for none
 * @param rows of the table in the end
 */
record NewRows(int first, List<int[]> parts, long rows) {

    /** A table of shape {@code [V,D]} as one of {@code [rows,D]}, of the same type. */
    Source of(Entry e) {
        long row = e.data().byteSize() / e.shape()[0];
        long[] shape = {rows, e.shape()[1]};
        return new Source(
                e.dtype(),
                shape,
                out -> {
                    part(e, 0, first, row).content().writeTo(out);
                    bytes(e.dtype(), made(e)).content().writeTo(out);
                    int end = first + parts.size();
                    if (end < e.shape()[0]) {
                        part(e, end, e.shape()[0], row).content().writeTo(out);
                    }
                });
    }

    private static Source part(Entry e, long from, long to, long row) {
        MemorySegment rows = e.data().asSlice(from * row, (to - from) * row);
        return bytes(e.dtype(), rows);
    }

    private static Source bytes(Dtype dtype, MemorySegment data) {
        return Source.of(dtype, new long[] {data.byteSize() / dtype.bytes()}, data);
    }

    private MemorySegment made(Entry e) {
        int width = Math.toIntExact(e.shape()[1]);
        long bytes = e.dtype().bytes(parts.size(), width);
        MemorySegment out = Arena.ofAuto().allocate(Math.max(1, bytes));
        double[] sum = new double[width];
        double[] all = null;
        for (int i = 0; i < parts.size(); i++) {
            int[] of = parts.get(i);
            if (of.length > 0) {
                mean(e, of, sum);
            } else if (all == null) {
                all = new double[width];
                mean(e, IntStream.range(0, first).toArray(), all);
            }
            double[] row = of.length > 0 ? sum : all;
            for (int d = 0; d < width; d++) {
                set(e.dtype(), out, (long) i * width + d, row[d]);
            }
        }
        return out.asSlice(0, bytes);
    }

    private static void mean(Entry e, int[] rows, double[] out) {
        int width = out.length;
        Arrays.fill(out, 0);
        for (int row : rows) {
            for (int d = 0; d < width; d++) {
                out[d] += get(e.dtype(), e.data(), (long) row * width + d);
            }
        }
        for (int d = 0; d < width; d++) {
            out[d] /= rows.length;
        }
    }

    static double get(Dtype type, MemorySegment data, long i) {
        return switch (type) {
            case F32 -> data.get(JAVA_FLOAT_UNALIGNED, 4 * i);
            case F64 -> data.get(JAVA_DOUBLE_UNALIGNED, 8 * i);
            case F16 -> Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, 2 * i));
            case BF16 -> Float.intBitsToFloat(data.get(JAVA_SHORT_UNALIGNED, 2 * i) << 16);
            default -> throw new IllegalStateException("no weights are " + type);
        };
    }

    private static void set(Dtype type, MemorySegment data, long i, double value) {
        switch (type) {
            case F32 -> data.set(JAVA_FLOAT_UNALIGNED, 4 * i, (float) value);
            case F64 -> data.set(JAVA_DOUBLE_UNALIGNED, 8 * i, value);
            case F16 -> data.set(JAVA_SHORT_UNALIGNED, 2 * i, Float.floatToFloat16((float) value));
            case BF16 -> {
                int bits = Float.floatToRawIntBits((float) value);
                int nearest = bits + 0x7FFF + (bits >>> 16 & 1); // ties to even
                data.set(JAVA_SHORT_UNALIGNED, 2 * i, (short) (nearest >>> 16));
            }
            default -> throw new IllegalStateException("no weights are " + type);
        }
    }
}
