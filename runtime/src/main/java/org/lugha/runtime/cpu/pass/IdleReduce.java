package org.lugha.runtime.cpu.pass;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.ReduceKernel;

/** Takes the memory that {@link CpuReduce} takes and computes nothing; the rest is another's. */
public final class IdleReduce implements ReduceKernel {
    private final ReduceKernel idle;

    public IdleReduce(ReduceKernel idle) {
        this.idle = idle;
    }

    @Override
    public void sumRows(Tensor x, Into y) {
        idle.sumRows(x, y);
        if (Floats.wide(x, y.tensor())) {
            CpuReduce.rowSums(x).close();
        }
    }

    @Override
    public void sumAxis(Tensor x, Into y) {
        idle.sumAxis(x, y);
        if (Floats.wide(x, y.tensor()) && CpuReduce.areRows(x, y)) {
            CpuReduce.rowSums(x.view(x.dim(1), x.dim(2))).close();
        }
    }

    @Override
    public void sum(Tensor x, Into y) {
        idle.sum(x, y);
    }

    @Override
    public void sumOfSquares(Tensor x, Into y) {
        idle.sumOfSquares(x, y);
    }
}
