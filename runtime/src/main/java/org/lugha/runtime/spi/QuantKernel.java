package org.lugha.runtime.spi;

import org.lugha.runtime.Codebook;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Tensor;

/**
 * Weights in few bits: made once, then read by products. Codes and what belongs to them are only
 * ever overwritten: their Intos have beta 0.
 */
public interface QuantKernel {
    /**
     * Row by row: {@code scale = max|x| / 127; code = round(x / scale)}, clamped to [-127, 127],
     * ties to even, NaN to 0. Every operation in F32; a row of zeros has scale and codes 0.
     *
     * @param x {@code [.., K]} of any float type
     * @param codes U8, the bits of signed bytes, the shape of x
     * @param scales F32, one a row
     */
    void int8(Tensor x, Into codes, Into scales);

    /**
     * Block by block, row-major across rows: {@code absmax = max|x|; v = x (1 / absmax)}; the code
     * of the {@link Codebook#nf4} value nearest to v by {@link Codebook#nearest}. Every operation
     * in F32. Where the reciprocal is not finite (a block of zeros, NaN in it) v is {@code 0 x}.
     *
     * @param x of any float type
     * @param blockSize a power of two from 16 up
     * @param codes U8, two codes a byte, the first in the high half; the low half of a last odd one
     *     is 0
     * @param absmax F32, one a block
     */
    void nf4(Tensor x, int blockSize, Into codes, Into absmax);

    /**
     * Numbers quantised once more: {@code offset = mean(x)}, summed in order in double precision;
     * then with {@code x - offset} as {@link #nf4} does it, one code a byte.
     *
     * @param x F32
     * @param table F32 [256], ascending; usually {@link Codebook#dynamic8}
     * @param blockSize a power of two from 16 up, usually 256
     * @param codes U8, one a number
     * @param absmax F32, one a block
     * @param offset F32, one element
     */
    void nested(Tensor x, Tensor table, int blockSize, Into codes, Into absmax, Into offset);

    /**
     * Numbers that change from step to step, such as an optimizer's, one code a byte: block by
     * block as {@link #nf4} does it with this table.
     *
     * @param x F32
     * @param table F32 [256], ascending; {@link Codebook#dynamic8} or {@link
     *     Codebook#dynamic8Unsigned}
     * @param blockSize a power of two from 16 up, usually 256
     * @param codes U8, one a number
     * @param absmax F32, one a block
     */
    void encode(Tensor x, Tensor table, int blockSize, Into codes, Into absmax);

    /** {@code y[i] = beta y[i] + table[codes[i]] absmax[i / blockSize]}, y F32. */
    void decode(Tensor codes, Tensor table, int blockSize, Tensor absmax, Into y);

    /** {@code y = beta y + w}, y of w's shape and any float type. */
    void dequantize(Quantized w, Into y);

    /** {@code y[n, :] = beta y[n, :] + w[ids[n], :]}, ids I32 {@code [N]}. */
    void gather(Quantized w, Tensor ids, Into y);

    /**
     * {@code c = beta c + alpha op(a) op(w)}, where op transposes if asked: op(a) {@code [M,K]},
     * op(w) {@code [K,N]}, c {@code [M,N]}; a and c may be strided. {@code K == 0} gives {@code
     * beta c}. With w {@code [out,in]} a layer is {@code x w^T} and its gradient {@code dy w}.
     */
    void gemm(boolean transposeA, boolean transposeW, double alpha, Tensor a, Quantized w, Into c);
}
