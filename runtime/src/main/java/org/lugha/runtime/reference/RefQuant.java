package org.lugha.runtime.reference;

import org.lugha.runtime.Absmax;
import org.lugha.runtime.Codebook;
import org.lugha.runtime.DType;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.QuantKernel;

/**
 * {@link QuantKernel} element by element. What defines bits is computed in F32; a product
 * multiplies by the widened weight, which is its extra memory: {@code 8 N K} bytes.
 */
public final class RefQuant implements QuantKernel {
    private static final float[] NF4 = Codebook.nf4();
    private static final float[] MIDPOINTS = Codebook.midpoints(NF4);

    private final RefMatmul matmul = new RefMatmul();

    @Override
    public void int8(Tensor x, Into codes, Into scales) {
        In in = In.of(x);
        Out code = Out.of(codes);
        Out to = Out.of(scales);
        int width = x.shape().last();
        for (long r = 0; r < x.shape().rows(); r++) {
            float scale = absmax(in, r * width, width, 0) / 127;
            to.put(r, scale);
            for (long i = r * width; i < (r + 1) * width; i++) {
                float v = Math.max(-127, Math.min(127, (float) in.at(i) / scale));
                code.put(i, (int) Math.rint(v) & 0xFF);
            }
        }
    }

    @Override
    public void nf4(Tensor x, int blockSize, Into codes, Into absmax) {
        In in = In.of(x);
        Out code = Out.of(codes);
        Out to = Out.of(absmax);
        long n = x.count();
        for (long from = 0; from < n; from += blockSize) {
            long end = Math.min(n, from + blockSize);
            float most = absmax(in, from, end - from, 0);
            float factor = factor(most);
            to.put(from / blockSize, most);
            for (long i = from; i < end; i += 2) {
                int high = Codebook.nearest(MIDPOINTS, (float) in.at(i) * factor);
                int low =
                        i + 1 < end
                                ? Codebook.nearest(MIDPOINTS, (float) in.at(i + 1) * factor)
                                : 0;
                code.put(i / 2, high << 4 | low);
            }
        }
    }

    @Override
    public void nested(
            Tensor x, Tensor table, int blockSize, Into codes, Into absmax, Into offset) {
        In in = In.of(x);
        long n = x.count();
        double sum = 0;
        for (long i = 0; i < n; i++) {
            sum += in.at(i);
        }
        float mean = (float) (sum / Math.max(1, n));
        Out.of(offset).put(0, mean);
        encode(x, table, blockSize, codes, absmax, mean);
    }

    @Override
    public void encode(Tensor x, Tensor table, int blockSize, Into codes, Into absmax) {
        encode(x, table, blockSize, codes, absmax, 0);
    }

    @Override
    public void decode(Tensor codes, Tensor table, int blockSize, Tensor absmax, Into y) {
        In code = In.of(codes);
        In value = In.of(table);
        In most = In.of(absmax);
        Out to = Out.of(y);
        for (long i = 0; i < codes.count(); i++) {
            float v = (float) value.at((int) code.at(i)) * (float) most.at(i / blockSize);
            to.put(i, v);
        }
    }

    private static void encode(
            Tensor x, Tensor table, int blockSize, Into codes, Into absmax, float mean) {
        In in = In.of(x);
        Out code = Out.of(codes);
        Out to = Out.of(absmax);
        long n = x.count();
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) table.get(i);
        }
        float[] midpoints = Codebook.midpoints(values);
        for (long from = 0; from < n; from += blockSize) {
            long end = Math.min(n, from + blockSize);
            float most = absmax(in, from, end - from, mean);
            float factor = factor(most);
            to.put(from / blockSize, most);
            for (long i = from; i < end; i++) {
                code.put(i, Codebook.nearest(midpoints, ((float) in.at(i) - mean) * factor));
            }
        }
    }

    private static float absmax(In in, long from, long n, float mean) {
        float most = 0;
        for (long i = from; i < from + n; i++) {
            most = Math.max(most, Math.abs((float) in.at(i) - mean));
        }
        return most;
    }

    private static float factor(float absmax) {
        float reciprocal = 1 / absmax;
        return Float.isFinite(reciprocal) ? reciprocal : 0;
    }

    @Override
    public void dequantize(Quantized w, Into y) {
        Out out = Out.of(y);
        for (long i = 0, n = w.shape().count(); i < n; i++) {
            out.put(i, at(w, i));
        }
    }

    @Override
    public void gather(Quantized w, Tensor ids, Into y) {
        In id = In.of(ids);
        Out out = Out.of(y);
        int width = w.shape().last();
        for (long n = 0; n < ids.count(); n++) {
            long row = (long) id.id(n) * width;
            for (int i = 0; i < width; i++) {
                out.put(n * width + i, at(w, row + i));
            }
        }
    }

    @Override
    public void gemm(
            boolean transposeA, boolean transposeW, double alpha, Tensor a, Quantized w, Into c) {
        try (var _ = Scope.open("widened weight")) {
            Tensor wide = Tensor.generate(a.device(), DType.F64, w.shape(), i -> at(w, i));
            matmul.gemm(transposeA, transposeW, alpha, a, wide, c);
        }
    }

    /** Element i of the weight, row-major. */
    private static float at(Quantized w, long i) {
        return switch (w) {
            case Quantized.Int8(Tensor codes, Tensor scales) ->
                    (byte) (int) codes.get(i) * (float) scales.get(i / codes.shape().last());
            case Quantized.Nf4 q -> {
                int pair = (int) q.codes().get(i / 2);
                int code = i % 2 == 0 ? pair >>> 4 : pair & 15;
                yield NF4[code] * absmax(q.absmax(), i / q.blockSize());
            }
        };
    }

    private static float absmax(Absmax absmax, long block) {
        return switch (absmax) {
            case Absmax.Plain(Tensor values) -> (float) values.get(block);
            case Absmax.Nested q -> {
                float value = (float) q.table().get((long) q.codes().get(block));
                float most = (float) q.absmax().get(block / q.blockSize());
                yield value * most + (float) q.offset().get(0);
            }
        };
    }
}
