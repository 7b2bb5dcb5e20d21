package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.RopeKernel;

/** {@link RopeKernel} pair by pair. */
public final class RefRope implements RopeKernel {

    @Override
    public void rotate(
            Tensor x, Tensor positions, Tensor cos, Tensor sin, boolean inverse, Into y) {
        In in = In.of(x);
        In position = In.of(positions);
        In cosines = In.of(cos);
        In sines = In.of(sin);
        Out out = Out.of(y);
        int heads = x.dim(2);
        int width = x.dim(3);
        int half = cos.shape().last();
        for (long row = 0, n = x.shape().rows(); row < n; row++) {
            long table = (long) position.id(row / heads) * half;
            long at = row * width;
            for (int i = 0; i < half; i++) {
                double c = cosines.at(table + i);
                double s = inverse ? -sines.at(table + i) : sines.at(table + i);
                double a = in.at(at + i);
                double b = in.at(at + i + half);
                out.put(at + i, a * c - s * b);
                out.put(at + i + half, b * c + s * a);
            }
            for (int i = 2 * half; i < width; i++) {
                out.put(at + i, in.at(at + i));
            }
        }
    }
}
