package org.lugha.runtime.cpu;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Into;

/** Rows by number. Narrow tables are widened row by row; the rest goes to the reference. */
final class CpuIndex implements IndexKernel {
    /** Columns of a table that one thread adds to: sums of a column keep the order of n. */
    private static final long COLUMNS = 128;

    private final Workers workers;
    private final IndexKernel reference;

    CpuIndex(Workers workers, IndexKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void gather(Tensor table, Tensor ids, Into y) {
        DType from = table.dtype();
        DType to = y.tensor().dtype();
        boolean canAdd = y.beta() == 0 || to == DType.F32 && from == DType.F32;
        if (!canAdd || !Convert.knows(from, to)) {
            reference.gather(table, ids, y);
            return;
        }
        MemorySegment in = table.memory();
        MemorySegment id = ids.memory();
        MemorySegment out = y.tensor().memory();
        long d = table.shape().last();
        workers.split(
                ids.count(),
                Math.max(1, Floats.GRAIN / Math.max(1, d)),
                (first, end) -> {
                    for (long n = first; n < end; n++) {
                        long row = id.get(JAVA_INT_UNALIGNED, 4 * n) * d;
                        if (y.beta() == 0) {
                            Convert.run(
                                    from, in, row * from.bytes(), to, out, n * d * to.bytes(), d);
                        } else {
                            CpuCopy.addRun(in, 4 * row, out, 4 * n * d, d, y.beta());
                        }
                    }
                });
    }

    @Override
    public void scatterAdd(Tensor x, Tensor ids, Into table) {
        if (!Floats.all(x, table.tensor())) {
            reference.scatterAdd(x, ids, table);
            return;
        }
        MemorySegment in = x.memory();
        MemorySegment id = ids.memory();
        MemorySegment out = table.tensor().memory();
        long d = table.tensor().shape().last();
        if (table.beta() != 1) {
            workers.split(
                    table.tensor().count(),
                    Floats.GRAIN,
                    (from, to) -> decay(out, table.beta(), 4 * from, 4 * to));
        }
        long grain = x.count() < Floats.GRAIN ? d : COLUMNS;
        workers.split(
                d,
                grain,
                (from, to) -> {
                    for (long n = 0; n < ids.count(); n++) {
                        long row = id.get(JAVA_INT_UNALIGNED, 4 * n) * d;
                        CpuCopy.addRun(in, 4 * (n * d + from), out, 4 * (row + from), to - from, 1);
                    }
                });
    }

    private static void decay(MemorySegment y, float beta, long from, long to) {
        if (beta == 0) {
            y.asSlice(from, to - from).fill((byte) 0);
            return;
        }
        long i = from;
        for (; i + Floats.BYTES <= to; i += Floats.BYTES) {
            store(load(y, i).mul(beta), y, i);
        }
        for (; i < to; i += 4) {
            Floats.set(y, i, Floats.get(y, i) * beta);
        }
    }
}
