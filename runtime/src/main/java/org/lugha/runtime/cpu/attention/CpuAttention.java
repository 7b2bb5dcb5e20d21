package org.lugha.runtime.cpu.attention;

import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Scores;

/**
 * Attention in blocks with an online softmax; narrow floats are widened as blocks are packed. A few
 * queries against a cache have a kernel of their own. Other floats than F32, BF16 and F16, and a
 * scale that is not positive, go to the reference.
 */
public final class CpuAttention implements AttentionKernel {
    /** Up to this many queries a block would be mostly empty. */
    private static final int FEW = 4;

    private final Workers workers;
    private final AttentionKernel reference;

    public CpuAttention(Workers workers, AttentionKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void forward(Tensor q, Tensor k, Tensor v, Scores scores, Into y, Into lse) {
        if (!isOurs(q, k, v, y.tensor()) || !Floats.all(Floats.of(lse)) || !(scores.scale() > 0)) {
            reference.forward(q, k, v, scores, y, lse);
        } else if (q.dim(1) <= FEW) {
            new AttentionDecode(workers, q, k, v, scores, y, lse).run();
        } else {
            new AttentionForward(workers, q, k, v, scores, y, lse).run();
        }
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
        if (!isOurs(q, k, v, y, dy, Floats.of(dq), Floats.of(dk), Floats.of(dv))
                || !Floats.all(lse)
                || !(scores.scale() > 0)) {
            reference.backward(q, k, v, scores, y, lse, dy, dq, dk, dv);
        } else {
            new AttentionBackward(workers, q, k, v, scores, y, lse, dy, dq, dk, dv).run();
        }
    }

    private static boolean isKnown(DType type) {
        return type == DType.F32 || type == DType.BF16 || type == DType.F16;
    }

    private static boolean isDense(Tensor t) {
        return t.dim(3) <= 1 || t.layout().strides()[3] == 1;
    }

    private static boolean isOurs(Tensor... tensors) {
        for (Tensor t : tensors) {
            if (t != null && !(isKnown(t.dtype()) && isDense(t))) {
                return false;
            }
        }
        return true;
    }
}
