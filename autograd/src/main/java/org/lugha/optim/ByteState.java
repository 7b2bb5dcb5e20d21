package org.lugha.optim;

import java.util.SequencedMap;
import org.lugha.runtime.Codebook;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;

/**
 * AdamW's moments of one F32 weight, a byte each (Dettmers et al. 2022, arXiv 2110.02861): blocks
 * of 256 with one absmax, the mean by the signed dynamic table, the square by the unsigned one.
 * They are widened chunk by chunk, updated and encoded again.
 *
 * <p>Extra memory: {@code 8 CHUNK} bytes in an update.
 */
final class ByteState {
    /** Weights with fewer elements keep F32 moments, as bitsandbytes does. */
    static final long LEAST = 4096;

    private static final int BLOCK = 256;
    private static final int CHUNK = 1 << 18;

    private final Half mean;
    private final Half square;

    /** Codes, one absmax a block, and what codes stand for. */
    private record Half(Tensor codes, Tensor absmax, Tensor table) {
        static Half zeros(Device device, int n, float... table) {
            int zero = 0;
            while (table[zero] != 0) {
                zero++;
            }
            Tensor codes = Tensor.full(device, DType.U8, Shape.of(n), zero);
            Tensor absmax = Tensor.zeros(device, DType.F32, Shape.of((n + BLOCK - 1) / BLOCK));
            return new Half(codes, absmax, Tensor.of(device, Shape.of(table.length), table));
        }

        Tensor widened(int from, int to) {
            Tensor y = Tensor.empty(codes.device(), DType.F32, Shape.of(to - from));
            Tensor most = absmax.slice(0, from / BLOCK, (to + BLOCK - 1) / BLOCK);
            Tensor part = codes.slice(0, from, to);
            kernels().decode(part, table, BLOCK, most, Into.overwrite(y));
            return y;
        }

        void put(Tensor x, int from, int to) {
            Tensor most = absmax.slice(0, from / BLOCK, (to + BLOCK - 1) / BLOCK);
            Into part = Into.overwrite(codes.slice(0, from, to));
            kernels().encode(x, table, BLOCK, part, Into.overwrite(most));
        }

        private org.lugha.runtime.spi.QuantKernel kernels() {
            return codes.device().kernels().quant();
        }
    }

    /** Zeros in the innermost scope; {@link #hold} makes them outlive it. */
    ByteState(Tensor like) {
        int n = Math.toIntExact(like.count());
        mean = Half.zeros(like.device(), n, Codebook.dynamic8());
        square = Half.zeros(like.device(), n, Codebook.dynamic8Unsigned());
    }

    void update(AdamStep how, Tensor gradient, Tensor p) {
        int n = Math.toIntExact(p.count());
        Tensor g = gradient.view(n);
        Tensor w = p.view(n);
        for (int from = 0; from < n; from += CHUNK) {
            int to = Math.min(n, from + CHUNK);
            try (var _ = Scope.open("moments in bytes")) {
                Tensor m = mean.widened(from, to);
                Tensor v = square.widened(from, to);
                Into part = Into.add(w.slice(0, from, to));
                p.device()
                        .kernels()
                        .optimizer()
                        .adamW(how, g.slice(0, from, to), part, Into.add(m), Into.add(v), null);
                mean.put(m, from, to);
                square.put(v, from, to);
            }
        }
    }

    /** By role, as bitsandbytes names what it keeps. */
    void state(SequencedMap<String, Tensor> all) {
        all.put("state1", mean.codes);
        all.put("absmax1", mean.absmax);
        all.put("state2", square.codes);
        all.put("absmax2", square.absmax);
    }

    private Tensor[] tensors() {
        return new Tensor[] {
            mean.codes, mean.absmax, mean.table, square.codes, square.absmax, square.table
        };
    }

    void hold() {
        for (Tensor t : tensors()) {
            t.storage().retain();
        }
    }

    void close() {
        for (Tensor t : tensors()) {
            t.storage().release("closing AdamW");
        }
    }
}
