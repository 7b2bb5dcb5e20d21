package org.lugha.runtime.cpu.pass;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Squares;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.IndexKernel;
import org.lugha.runtime.spi.Into;

/**
 * Rows by number; memory is read and written row by row. Where rows are added, each row of the
 * table belongs to one of {@link #OWNERS} chunks, picked by its number alone: whoever takes a chunk
 * goes through all ids and adds the rows that belong to it, in their order, so that the bits do not
 * depend on the threads. What is not F32, BF16 or F16 goes to the reference. Elements are picked
 * from and added to rows of any type, a row by one thread.
 *
 * <p>Extra memory: {@code 8 D} bytes a thread where rows are added to a narrow table, else none.
 */
public final class CpuIndex implements IndexKernel {
    /** Chunks of a table that rows are added to; a power of two. */
    private static final int OWNERS = 32;

    private final Workers workers;
    private final IndexKernel reference;

    public CpuIndex(Workers workers, IndexKernel reference) {
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
        DType type = table.tensor().dtype();
        boolean canDecay = type == DType.F32 || table.beta() == 0 || table.beta() == 1;
        if (!Squares.reads(type) || !Squares.reads(x.dtype()) || !canDecay) {
            reference.scatterAdd(x, ids, table);
            return;
        }
        MemorySegment out = decayed(table);
        MemorySegment in = x.memory();
        MemorySegment id = ids.memory();
        long d = table.tensor().shape().last();
        workers.split(
                OWNERS,
                x.count() < Floats.GRAIN ? OWNERS : 1,
                (from, to) -> {
                    for (long n = 0; n < ids.count(); n++) {
                        int row = id.get(JAVA_INT_UNALIGNED, 4 * n);
                        int owner = (row * 0x9E3779B9) >>> 27;
                        if (owner >= from && owner < to) {
                            add(x.dtype(), in, n * d, type, out, row * d, d);
                        }
                    }
                });
    }

    @Override
    public void pick(Tensor x, Tensor ids, Into y) {
        MemorySegment in = x.memory();
        MemorySegment id = ids.memory();
        MemorySegment out = y.tensor().memory();
        DType from = x.dtype();
        DType to = y.tensor().dtype();
        long k = ids.shape().last();
        long v = x.shape().last();
        workers.split(
                ids.count(),
                Floats.GRAIN,
                (first, end) -> {
                    for (long i = first; i < end; i++) {
                        long at = i / k * v + id.get(JAVA_INT_UNALIGNED, 4 * i);
                        double before = y.beta() == 0 ? 0 : y.beta() * to.get(out, i);
                        to.set(out, i, before + from.get(in, at));
                    }
                });
    }

    @Override
    public void unpick(Tensor dy, Tensor ids, Into dx) {
        DType from = dy.dtype();
        DType to = dx.tensor().dtype();
        if (to != DType.F32 && dx.beta() != 0 && dx.beta() != 1) {
            reference.unpick(dy, ids, dx);
            return;
        }
        MemorySegment in = dy.memory();
        MemorySegment id = ids.memory();
        MemorySegment out = decayed(dx);
        long k = ids.shape().last();
        long v = dx.tensor().shape().last();
        workers.split(
                ids.shape().rows(),
                Math.max(1, Floats.GRAIN / Math.max(1, k)),
                (first, end) -> {
                    for (long i = first * k; i < end * k; i++) {
                        long at = i / k * v + id.get(JAVA_INT_UNALIGNED, 4 * i);
                        to.set(out, at, to.get(out, at) + from.get(in, i));
                    }
                });
    }

    /** {@code y += x} for d elements, added as floats. */
    private static void add(
            DType from, MemorySegment x, long xo, DType to, MemorySegment y, long yo, long d) {
        if (from == DType.F32 && to == DType.F32) {
            CpuCopy.addRun(x, 4 * xo, y, 4 * yo, d, 1);
            return;
        }
        MemorySegment wide = Scratch.mine().of(Purpose.ROW, 8 * d);
        Convert.run(from, x, xo * from.bytes(), DType.F32, wide, 0, d);
        if (to == DType.F32) {
            CpuCopy.addRun(wide, 0, y, 4 * yo, d, 1);
        } else {
            Convert.run(to, y, yo * to.bytes(), DType.F32, wide, 4 * d, d);
            CpuCopy.addRun(wide, 0, wide, 4 * d, d, 1);
            Convert.run(DType.F32, wide, 4 * d, to, y, yo * to.bytes(), d);
        }
    }

    /** The destination's memory, multiplied by beta; floats, or a beta of 0 or 1. */
    private MemorySegment decayed(Into y) {
        MemorySegment out = y.tensor().memory();
        long size = y.tensor().dtype().bytes();
        if (y.beta() != 1) {
            workers.split(
                    y.tensor().count(),
                    Floats.GRAIN,
                    (from, to) -> decay(out, y.beta(), size * from, size * to));
        }
        return out;
    }

    /** {@code y = beta y}; floats, or a beta of 0. */
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
