package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Rows picked by number. Ids were checked by the caller. */
public interface IndexKernel {
    /**
     * {@code y[n, :] = beta y[n, :] + table[ids[n], :]}, ids I32 {@code [N]}, table of any type.
     */
    void gather(Tensor table, Tensor ids, Into y);

    /** {@code table = beta table; table[ids[n], :] += x[n, :]} in the order of n. */
    void scatterAdd(Tensor x, Tensor ids, Into table);
}
