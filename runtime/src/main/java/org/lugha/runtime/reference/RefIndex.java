package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Into;

/** {@link IndexKernel} row by row, in the order of the ids. */
public final class RefIndex implements IndexKernel {

    @Override
    public void gather(Tensor table, Tensor ids, Into y) {
        In in = In.of(table);
        In id = In.of(ids);
        Out out = Out.of(y);
        int width = table.shape().last();
        for (long n = 0; n < ids.count(); n++) {
            long row = (long) id.id(n) * width;
            for (int i = 0; i < width; i++) {
                out.put(n * width + i, in.at(row + i));
            }
        }
    }

    @Override
    public void scatterAdd(Tensor x, Tensor ids, Into table) {
        In in = In.of(x);
        In id = In.of(ids);
        int width = table.tensor().shape().last();
        Out scaled = Out.of(table);
        for (long i = 0, n = table.tensor().count(); table.beta() != 1 && i < n; i++) {
            scaled.put(i, 0);
        }
        Out out = Out.of(table.more());
        for (long n = 0; n < ids.count(); n++) {
            long row = (long) id.id(n) * width;
            for (int i = 0; i < width; i++) {
                out.put(row + i, in.at(n * width + i));
            }
        }
    }
}
