package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.SoftmaxRow;
import org.lugha.runtime.cpu.matmul.BlockedProduct;
import org.lugha.runtime.cpu.matmul.Matrix;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;

/**
 * Some rows of h against the whole vocabulary: attention over the words, chunk by chunk with an
 * online softmax, so that w crosses memory once. Logits of a chunk turn in place into what is
 * multiplied by w.
 */
final class LossBlock {
    /** Rows of h taken together. */
    static final int ROWS = 1024;

    /** Vocabulary entries taken together; whole vectors. */
    static final int WORDS = 1024;

    private final Workers workers;
    private final Matrix hidden;
    private final Matrix weight;
    private final MemorySegment labels;
    private final float cap;
    private final int from;
    private final int rows;
    private final int depth;
    private final long grain;

    // In one scratch: logits [rows, WORDS], dh [rows, D], then per row maximum, sum, label's z
    private final MemorySegment z;
    private final MemorySegment acc;
    private final MemorySegment max;
    private final MemorySegment sum;
    private final MemorySegment wanted;

    LossBlock(Workers workers, Tensor h, Tensor w, Tensor labels, double cap, int from) {
        this.workers = workers;
        this.cap = (float) cap;
        this.from = from;
        this.labels = labels.memory();
        rows = Math.min(ROWS, h.dim(0) - from);
        depth = h.dim(1);
        hidden = part(Matrix.of(h, 0, false), from, rows);
        weight = Matrix.of(w, 0, false);
        long row = 4L * rows;
        MemorySegment all = Scratch.mine().of(Purpose.LOGITS, row * (WORDS + depth + 3));
        z = all.asSlice(0, row * WORDS);
        acc = all.asSlice(row * WORDS, row * depth);
        max = all.asSlice(row * (WORDS + depth), row);
        sum = all.asSlice(row * (WORDS + depth + 1), row);
        wanted = all.asSlice(row * (WORDS + depth + 2), row);
        grain = Math.max(1, Floats.GRAIN / 4 / WORDS);
    }

    void forward(Into nll, Into lse, Into dh) {
        for (int v = 0; v < weight.rows(); v += WORDS) {
            Matrix words = part(weight, v, Math.min(WORDS, weight.rows() - v));
            Matrix logits = logits(words);
            int first = v;
            workers.split(rows, grain, (a, b) -> online(first, words.rows(), dh != null, a, b));
            if (dh != null) {
                Matrix sums = new Matrix(acc, DType.F32, rows, depth, 0, depth, 1);
                new BlockedProduct(workers, logits, words, sums, 1, v == 0 ? 0 : 1).run();
            }
        }
        workers.split(rows, grain, (a, b) -> finish(nll, lse, dh, a, b));
    }

    void weightGradient(MemorySegment lse, float scale, Into dw) {
        Matrix gradient = Matrix.of(dw.tensor(), 0, false);
        for (int v = 0; v < weight.rows(); v += WORDS) {
            int n = Math.min(WORDS, weight.rows() - v);
            Matrix logits = logits(part(weight, v, n));
            int first = v;
            workers.split(rows, grain, (a, b) -> probabilities(first, n, lse, a, b));
            new BlockedProduct(
                            workers,
                            logits.transposed(),
                            hidden,
                            part(gradient, v, n),
                            scale,
                            dw.beta())
                    .run();
        }
    }

    private Matrix logits(Matrix words) {
        int n = words.rows();
        Matrix logits = new Matrix(z, DType.F32, rows, n, 0, stride(n), 1);
        new BlockedProduct(workers, hidden, words.transposed(), logits, 1, 0).run();
        return logits;
    }

    /** Logits become exp(z - max so far); sums and dh are rescaled to the new maximum. */
    private void online(int first, int words, boolean withGradient, long a, long b) {
        for (long r = a; r < b; r++) {
            long at = 4 * r * stride(words);
            bend(at, words);
            int label = label(r) - first;
            if (label >= 0 && label < words) {
                Floats.set(wanted, 4 * r, Floats.get(z, at + 4L * label));
            }
            float most = SoftmaxRow.max(z, at, words);
            float before = first == 0 ? most : Floats.get(max, 4 * r);
            float now = Math.max(before, most);
            float shrink = now == before ? 1 : (float) StrictMath.exp(before - now);
            float old = first == 0 ? 0 : Floats.get(sum, 4 * r);
            float here = exponentials(at, words, now, withGradient);
            Floats.set(sum, 4 * r, old * shrink + here);
            Floats.set(max, 4 * r, now);
            if (withGradient && first > 0 && shrink != 1) {
                long row = 4 * r * depth;
                SoftmaxRow.scale(acc, row, shrink, acc, 0, row, depth);
            }
        }
    }

    private void finish(Into nll, Into lse, Into dh, long a, long b) {
        MemorySegment toNll = Floats.memory(nll);
        MemorySegment toLse = Floats.memory(lse);
        MemorySegment toHidden = Floats.memory(dh);
        for (long r = a; r < b; r++) {
            float s = Floats.get(sum, 4 * r);
            double total = Floats.get(max, 4 * r) + StrictMath.log(s);
            long n = from + r;
            if (nll != null) {
                float loss = (float) (total - Floats.get(wanted, 4 * r));
                Floats.set(toNll, 4 * n, loss, nll.beta());
            }
            if (lse != null) {
                Floats.set(toLse, 4 * n, (float) total, lse.beta());
            }
            if (dh != null) {
                MemorySegment own = Scratch.mine().of(Purpose.ROW, 4L * depth);
                long at = weight.offset(label(r), 0);
                Convert.run(weight.dtype(), weight.memory(), at, DType.F32, own, 0, depth);
                if (cap > 0) {
                    float slope = slope(Floats.get(wanted, 4 * r));
                    SoftmaxRow.scale(own, 0, slope, own, 0, 0, depth);
                }
                SoftmaxRow.scaleLess(
                        acc,
                        4 * r * depth,
                        1 / s,
                        own,
                        0,
                        toHidden,
                        dh.beta(),
                        4 * n * depth,
                        depth);
            }
        }
    }

    /** Logits become {@code (p - [v = label])} times their slope. */
    private void probabilities(int first, int words, MemorySegment lse, long a, long b) {
        for (long r = a; r < b; r++) {
            long at = 4 * r * stride(words);
            bend(at, words);
            float total = Floats.get(lse, 4 * (from + r));
            int label = label(r) - first;
            boolean isHere = label >= 0 && label < words;
            long own = at + 4L * label;
            float slope = isHere ? slope(Floats.get(z, own)) : 0;
            exponentials(at, words, total, true);
            if (isHere) {
                Floats.set(z, own, Floats.get(z, own) - slope);
            }
        }
    }

    /** {@code z = cap tanh(z / cap)} for a row of a chunk. */
    private void bend(long at, int words) {
        if (cap > 0) {
            SoftCap.forward(cap, z, z, 0, at, at + 4 * stride(words));
        }
    }

    /** What a logit that was bent gives on of its gradient. */
    private float slope(float logit) {
        return cap > 0 ? 1 - logit / cap * (logit / cap) : 1;
    }

    /** {@code z = exp(z - less)}, times the slope of z if wanted; gives the sum without slopes. */
    private float exponentials(long at, int words, float less, boolean withSlope) {
        if (cap == 0 || !withSlope) {
            return SoftmaxRow.exponentials(z, at, less, z, at, words);
        }
        long bytes = 4 * stride(words);
        MemorySegment logits = Scratch.mine().of(Purpose.ROW, 4L * WORDS);
        MemorySegment.copy(z, at, logits, 0, bytes);
        float total = SoftmaxRow.exponentials(z, at, less, z, at, words);
        MemorySegment own = z.asSlice(at, bytes);
        SoftCap.backward(cap, logits, own, own, 0, 0, bytes);
        return total;
    }

    /** From one row of logits to the next: whole vectors. */
    private static long stride(int words) {
        return Floats.whole(words + Lanes.N - 1);
    }

    private int label(long r) {
        return (int) DType.I32.get(labels, from + r);
    }

    private static Matrix part(Matrix m, int from, int rows) {
        return new Matrix(
                m.memory(),
                m.dtype(),
                rows,
                m.columns(),
                m.at() + from * m.row(),
                m.row(),
                m.column());
    }
}
