package org.lugha.runtime.reference;

import org.lugha.runtime.Layout;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.CopyKernel;
import org.lugha.runtime.spi.Into;

/** {@link CopyKernel} by walking the axes of both sides. */
public final class RefCopy implements CopyKernel {

    @Override
    public void copy(Tensor x, Into y) {
        Layout from = x.layout();
        Layout to = y.tensor().layout();
        walk(In.strided(x), from, from.offset(), Out.strided(y), to, to.offset(), 0);
    }

    @Override
    public void fill(double value, Into y) {
        Layout to = y.tensor().layout();
        fill(value, Out.strided(y), to, to.offset(), 0);
    }

    private static void walk(In x, Layout from, long i, Out y, Layout to, long j, int axis) {
        if (axis == to.shape().rank()) {
            y.put(j, x.at(i));
            return;
        }
        long stepFrom = from.strides()[axis];
        long stepTo = to.strides()[axis];
        for (int n = 0, extent = to.shape().dim(axis); n < extent; n++) {
            walk(x, from, i + n * stepFrom, y, to, j + n * stepTo, axis + 1);
        }
    }

    private static void fill(double value, Out y, Layout to, long j, int axis) {
        if (axis == to.shape().rank()) {
            y.put(j, value);
            return;
        }
        long step = to.strides()[axis];
        for (int n = 0, extent = to.shape().dim(axis); n < extent; n++) {
            fill(value, y, to, j + n * step, axis + 1);
        }
    }
}
