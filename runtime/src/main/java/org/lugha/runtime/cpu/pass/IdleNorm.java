package org.lugha.runtime.cpu.pass;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.NormKernel;

/** Takes the memory that {@link CpuNorm} takes and computes nothing; the rest is another's. */
public final class IdleNorm implements NormKernel {
    private final NormKernel idle;

    public IdleNorm(NormKernel idle) {
        this.idle = idle;
    }

    @Override
    public void rms(Tensor x, Tensor weight, double offset, double eps, Into y, Into rstd) {
        idle.rms(x, weight, offset, eps, y, rstd);
    }

    @Override
    public void rmsBackward(
            Tensor x, Tensor weight, double offset, Tensor rstd, Tensor dy, Into dx, Into dweight) {
        idle.rmsBackward(x, weight, offset, rstd, dy, dx, dweight);
        if (CpuNorm.takes(rstd, x, weight, dy, Floats.of(dx), Floats.of(dweight))) {
            CpuNorm.rmsSums(x, dweight).close();
        }
    }

    @Override
    public void layer(
            Tensor x, Tensor weight, Tensor bias, double eps, Into y, Into mean, Into rstd) {
        idle.layer(x, weight, bias, eps, y, mean, rstd);
    }

    @Override
    public void layerBackward(
            Tensor x,
            Tensor weight,
            Tensor mean,
            Tensor rstd,
            Tensor dy,
            Into dx,
            Into dweight,
            Into dbias) {
        idle.layerBackward(x, weight, mean, rstd, dy, dx, dweight, dbias);
        Tensor[] wide = {x, weight, dy, Floats.of(dx), Floats.of(dweight), Floats.of(dbias)};
        if (CpuNorm.takes(rstd, wide)) {
            CpuNorm.layerSums(x, dweight, dbias).close();
        }
    }
}
