package org.lugha.runtime.cpu.attention;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Scores;

/** Takes the memory that {@link CpuAttention} takes and computes nothing; checks are another's. */
public final class IdleAttention implements AttentionKernel {
    private final AttentionKernel idle;
    private final AttentionKernel taking;

    public IdleAttention(AttentionKernel idle) {
        this.idle = idle;
        taking = new CpuAttention(Workers.idle(), idle);
    }

    @Override
    public void forward(Tensor q, Tensor k, Tensor v, Scores scores, Into y, Into lse) {
        idle.forward(q, k, v, scores, y, lse);
        taking.forward(q, k, v, scores, y, lse);
    }

    @Override
    public void backward(
            Tensor q,
            Tensor k,
            Tensor v,
            Scores scores,
            Tensor y,
            Tensor lse,
            Tensor dy,
            Into dq,
            Into dk,
            Into dv) {
        idle.backward(q, k, v, scores, y, lse, dy, dq, dk, dv);
        taking.backward(q, k, v, scores, y, lse, dy, dq, dk, dv);
    }
}
