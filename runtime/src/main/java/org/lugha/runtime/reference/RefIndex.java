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
        Out out = decayed(table);
        for (long n = 0; n < ids.count(); n++) {
            long row = (long) id.id(n) * width;
            for (int i = 0; i < width; i++) {
                out.put(row + i, in.at(n * width + i));
            }
        }
    }

    @Override
    public void pick(Tensor x, Tensor ids, Into y) {
        In in = In.of(x);
        In id = In.of(ids);
        Out out = Out.of(y);
        for (long i = 0; i < ids.count(); i++) {
            long row = i / ids.shape().last();
            out.put(i, in.at(row * x.shape().last() + id.id(i)));
        }
    }

    @Override
    public void unpick(Tensor dy, Tensor ids, Into dx) {
        In in = In.of(dy);
        In id = In.of(ids);
        Out out = decayed(dx);
        for (long i = 0; i < ids.count(); i++) {
            long row = i / ids.shape().last();
            out.put(row * dx.tensor().shape().last() + id.id(i), in.at(i));
        }
    }

    /** Multiplied by beta, and ready for what is added. */
    private static Out decayed(Into into) {
        Out scaled = Out.of(into);
        for (long i = 0, n = into.tensor().count(); into.beta() != 1 && i < n; i++) {
            scaled.put(i, 0);
        }
        return Out.of(into.more());
    }
}
