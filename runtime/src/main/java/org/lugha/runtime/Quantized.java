package org.lugha.runtime;

import java.util.function.UnaryOperator;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.QuantKernel;

/**
 * A frozen weight in few bits, as {@link QuantKernel} reads it. Not a {@link DType}: an element is
 * nothing without its block, so no other kernel ever sees one. All tensors are contiguous and on
 * one device; whoever makes one owns them, as with any tensor.
 */
public sealed interface Quantized {

    /** Shape of the weight that it stands for, {@code [N,K]} for products. */
    Shape shape();

    /** The same weight over other tensors, such as copies elsewhere. */
    Quantized map(UnaryOperator<Tensor> f);

    /** Bytes of all tensors. */
    long bytes();

    Device device();

    /**
     * One signed byte an element, one scale a row: {@code w[n,k] = codes[n,k] * scales[n]} with
     * {@code scales[n] = max_k |w[n,k]| / 127}. bitsandbytes keeps {@code SCB = 127 scales}.
     *
     * @param codes U8 {@code [.., K]}, the bits of signed bytes from -127 to 127
     * @param scales F32, one a row
     */
    record Int8(Tensor codes, Tensor scales) implements Quantized {
        public Int8 {
            require("int8 codes", DType.U8, codes.count(), codes);
            require("int8 scales", DType.F32, codes.shape().rows(), scales);
        }

        @Override
        public Shape shape() {
            return codes.shape();
        }

        @Override
        public Int8 map(UnaryOperator<Tensor> f) {
            return new Int8(f.apply(codes), f.apply(scales));
        }

        @Override
        public long bytes() {
            return codes.count() + 4 * scales.count();
        }

        @Override
        public Device device() {
            return codes.device();
        }
    }

    /**
     * Four bits an element (Dettmers et al. 2023) in bitsandbytes' layout: elements are taken
     * row-major in blocks across rows, {@code w[i] = nf4[code i] * absmax[i / blockSize]}; codes 2
     * j and 2 j + 1 are the high and the low half of byte j.
     *
     * @param shape {@code shape} of the checkpoint's quant_state
     * @param blockSize a power of two from 16 up, usually 64
     * @param codes U8, half as many as elements, rounded up; the weight's own key
     * @param absmax one number a block; the last block may be short
     */
    record Nf4(Shape shape, int blockSize, Tensor codes, Absmax absmax) implements Quantized {
        public Nf4 {
            requireBlock("nf4", blockSize);
            require("nf4 codes", DType.U8, (shape.count() + 1) / 2, codes);
            long blocks = (shape.count() + blockSize - 1) / blockSize;
            if (absmax.count() != blocks) {
                throw new ShapeException(
                        "nf4 absmax: "
                                + shape
                                + " has "
                                + blocks
                                + " blocks of "
                                + blockSize
                                + ", got "
                                + absmax.count());
            }
        }

        @Override
        public Nf4 map(UnaryOperator<Tensor> f) {
            return new Nf4(shape, blockSize, f.apply(codes), absmax.map(f));
        }

        @Override
        public long bytes() {
            return codes.count() + absmax.bytes();
        }

        @Override
        public Device device() {
            return codes.device();
        }
    }

    /** A weight {@code [N,K]} in int8, owned by the innermost open scope. */
    static Int8 int8(Tensor x) {
        Tensor codes = Tensor.empty(x.device(), DType.U8, x.shape());
        Tensor scales =
                Tensor.empty(x.device(), DType.F32, Shape.of(Math.toIntExact(x.shape().rows())));
        kernel(x).int8(x, Into.overwrite(codes), Into.overwrite(scales));
        return new Int8(codes, scales);
    }

    /** A weight in NF4 with one F32 a block, owned by the innermost open scope. */
    static Nf4 nf4(Tensor x, int blockSize) {
        requireBlock("nf4", blockSize);
        Device d = x.device();
        long n = x.count();
        Tensor codes = Tensor.empty(d, DType.U8, Shape.of(Math.toIntExact((n + 1) / 2)));
        Tensor absmax =
                Tensor.empty(
                        d, DType.F32, Shape.of(Math.toIntExact((n + blockSize - 1) / blockSize)));
        kernel(x).nf4(x, blockSize, Into.overwrite(codes), Into.overwrite(absmax));
        return new Nf4(x.shape(), blockSize, codes, new Absmax.Plain(absmax));
    }

    /** {@link #nf4} with its numbers quantised once more, {@code nested} of them together. */
    static Nf4 nf4(Tensor x, int blockSize, int nested) {
        requireBlock("nested absmax", nested);
        Nf4 plain = nf4(x, blockSize);
        Device d = x.device();
        Tensor absmax = ((Absmax.Plain) plain.absmax()).values();
        Tensor table = Tensor.of(d, Shape.of(256), Codebook.dynamic8());
        Tensor codes = Tensor.empty(d, DType.U8, absmax.shape());
        int blocks = Math.toIntExact((absmax.count() + nested - 1) / nested);
        Tensor second = Tensor.empty(d, DType.F32, Shape.of(blocks));
        Tensor offset = Tensor.empty(d, DType.F32, Shape.of(1));
        kernel(x)
                .nested(
                        absmax,
                        table,
                        nested,
                        Into.overwrite(codes),
                        Into.overwrite(second),
                        Into.overwrite(offset));
        Absmax twice = new Absmax.Nested(codes, table, nested, second, offset);
        return new Nf4(x.shape(), blockSize, plain.codes(), twice);
    }

    private static QuantKernel kernel(Tensor x) {
        return x.device().kernels().quant();
    }

    /** Checks a tensor that is part of a quantised weight. */
    static void require(String what, DType dtype, long count, Tensor t) {
        if (t.dtype() != dtype || t.count() != count || !t.layout().isContiguous()) {
            throw new ShapeException(
                    what + ": expected " + count + " contiguous " + dtype + ", got " + t);
        }
    }

    /** Checks the length of a block. */
    static void requireBlock(String what, int size) {
        if (size < 16 || Integer.bitCount(size) != 1) {
            throw new ShapeException(what + ": a block is a power of two from 16 up, got " + size);
        }
    }
}
