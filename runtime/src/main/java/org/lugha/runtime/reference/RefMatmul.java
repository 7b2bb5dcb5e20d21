package org.lugha.runtime.reference;

import java.util.Arrays;
import org.lugha.runtime.Layout;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.MatmulKernel;

/** {@link MatmulKernel} as three loops; every element of c is summed in the order of k. */
public final class RefMatmul implements MatmulKernel {

    @Override
    public void gemm(
            boolean transposeA, boolean transposeB, double alpha, Tensor a, Tensor b, Into c) {
        Layout la = transposeA ? a.layout().transpose(-1, -2) : a.layout();
        Layout lb = transposeB ? b.layout().transpose(-1, -2) : b.layout();
        Layout lc = c.tensor().layout();
        In left = In.strided(a);
        In right = In.strided(b);
        Out out = Out.strided(c);
        boolean batched = lc.shape().rank() == 3;
        for (int n = 0, batch = batched ? lc.shape().dim(0) : 1; n < batch; n++) {
            product(alpha, left, part(la, n), right, part(lb, n), out, part(lc, n));
        }
    }

    /** Matrix {@code n} of a batch; the matrix itself where there is none. */
    private static Layout part(Layout l, int n) {
        return l.shape().rank() == 2 ? l : l.slice(0, n, n + 1);
    }

    private static void product(double alpha, In a, Layout la, In b, Layout lb, Out c, Layout lc) {
        int depth = la.shape().dim(-1);
        int width = lb.shape().dim(-1);
        double[] sums = new double[width];
        for (int i = 0; i < la.shape().dim(-2); i++) {
            Arrays.fill(sums, 0);
            for (int k = 0; k < depth; k++) {
                double factor = a.at(at(la, i, k));
                for (int j = 0; j < width; j++) {
                    sums[j] += factor * b.at(at(lb, k, j));
                }
            }
            for (int j = 0; j < width; j++) {
                c.put(at(lc, i, j), alpha * sums[j]);
            }
        }
    }

    private static long at(Layout l, long row, long column) {
        int last = l.strides().length - 1;
        return l.offset() + row * l.strides()[last - 1] + column * l.strides()[last];
    }
}
