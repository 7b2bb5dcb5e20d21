package org.lugha.runtime;

import java.util.function.UnaryOperator;

/** The largest magnitude of each block of a weight, by which its codes are multiplied. */
public sealed interface Absmax {

    /** How many blocks. */
    long count();

    /** The same over other tensors, such as copies elsewhere. */
    Absmax map(UnaryOperator<Tensor> f);

    /** Bytes of all tensors. */
    long bytes();

    /**
     * One number a block.
     *
     * @param values F32; key {@code .absmax} of a checkpoint
     */
    record Plain(Tensor values) implements Absmax {
        public Plain {
            Quantized.require("absmax", DType.F32, values.count(), values);
        }

        @Override
        public long count() {
            return values.count();
        }

        @Override
        public Plain map(UnaryOperator<Tensor> f) {
            return new Plain(f.apply(values));
        }

        @Override
        public long bytes() {
            return 4 * values.count();
        }
    }

    /**
     * Quantised once more (double quantisation, Dettmers et al. 2023): number i is {@code
     * table[codes[i]] * absmax[i / blockSize] + offset}, each operation rounded to F32.
     *
     * @param codes U8, one a block; key {@code .absmax}
     * @param table F32 [256], ascending; key {@code .nested_quant_map}
     * @param blockSize blocks that share one absmax; {@code nested_blocksize}, usually 256
     * @param absmax F32, one for so many codes; key {@code .nested_absmax}
     * @param offset F32, one element; {@code nested_offset}, the mean of the original numbers
     */
    record Nested(Tensor codes, Tensor table, int blockSize, Tensor absmax, Tensor offset)
            implements Absmax {
        public Nested {
            Quantized.requireBlock("nested absmax", blockSize);
            Quantized.require("nested absmax, codes", DType.U8, codes.count(), codes);
            Quantized.require("nested absmax, table", DType.F32, 256, table);
            long blocks = (codes.count() + blockSize - 1) / blockSize;
            Quantized.require("nested absmax, absmax", DType.F32, blocks, absmax);
            Quantized.require("nested absmax, offset", DType.F32, 1, offset);
        }

        @Override
        public long count() {
            return codes.count();
        }

        @Override
        public Nested map(UnaryOperator<Tensor> f) {
            return new Nested(
                    f.apply(codes), f.apply(table), blockSize, f.apply(absmax), f.apply(offset));
        }

        @Override
        public long bytes() {
            return codes.count() + 4 * (table.count() + absmax.count() + 1);
        }
    }
}
