package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Rows, and elements of rows, picked by number. Ids were checked by the caller. */
public interface IndexKernel {
    /**
     * {@code y[n, :] = beta y[n, :] + table[ids[n], :]}, ids I32 {@code [N]}, table of any type.
     */
    void gather(Tensor table, Tensor ids, Into y);

    /** {@code table = beta table; table[ids[n], :] += x[n, :]} in the order of n. */
    void scatterAdd(Tensor x, Tensor ids, Into table);

    /**
     * {@code y[r, k] = beta y[r, k] + x[r, ids[r, k]]}, x {@code [R,V]}, ids I32 {@code [R,K]}, y
     * {@code [R,K]}.
     */
    void pick(Tensor x, Tensor ids, Into y);

    /** {@code dx = beta dx; dx[r, ids[r, k]] += dy[r, k]} in the order of k. */
    void unpick(Tensor dy, Tensor ids, Into dx);
}
