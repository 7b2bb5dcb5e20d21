package org.lugha.runtime.cpu.pass;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Transpose;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.CopyKernel;
import org.lugha.runtime.spi.Into;

/**
 * Copies run by run, where a run is as many axes as lie without gaps on both sides. Adding to a
 * destination other than F32, and types that are not floats, go to the reference.
 */
public final class CpuCopy implements CopyKernel {

    private final Workers workers;
    private final CopyKernel reference;

    public CpuCopy(Workers workers, CopyKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void copy(Tensor x, Into y) {
        boolean canAdd = y.beta() == 0 || y.tensor().dtype() == DType.F32;
        if (!canAdd || !Convert.knows(x.dtype(), y.tensor().dtype())) {
            reference.copy(x, y);
            return;
        }
        if (x.count() == 0) {
            return;
        }
        Walk walk = Walk.of(x.layout(), y.tensor().layout());
        if (walk.isStrided()) {
            strided(x, y, walk);
        } else if (walk.rows() == 1) {
            contiguous(x, y, walk);
        } else {
            rows(x, y, walk);
        }
    }

    private void contiguous(Tensor x, Into y, Walk walk) {
        MemorySegment in = x.storage().memory();
        MemorySegment out = y.tensor().storage().memory();
        DType a = x.dtype();
        DType b = y.tensor().dtype();
        workers.split(
                walk.run(),
                Floats.GRAIN,
                (from, to) ->
                        run(
                                a,
                                in,
                                walk.x(0) + from,
                                b,
                                out,
                                walk.y(0) + from,
                                to - from,
                                y.beta()));
    }

    private void rows(Tensor x, Into y, Walk walk) {
        MemorySegment in = x.storage().memory();
        MemorySegment out = y.tensor().storage().memory();
        DType a = x.dtype();
        DType b = y.tensor().dtype();
        workers.split(
                walk.rows(),
                Math.max(1, Floats.GRAIN / walk.run()),
                (from, to) -> {
                    for (long r = from; r < to; r++) {
                        run(a, in, walk.x(r), b, out, walk.y(r), walk.run(), y.beta());
                    }
                });
    }

    /** One run; offsets in elements. */
    private static void run(
            DType a,
            MemorySegment x,
            long xo,
            DType b,
            MemorySegment y,
            long yo,
            long n,
            float beta) {
        if (beta == 0) {
            Convert.run(a, x, xo * a.bytes(), b, y, yo * b.bytes(), n);
        } else if (a == DType.F32) {
            addRun(x, 4 * xo, y, 4 * yo, n, beta);
        } else {
            MemorySegment wide = Scratch.mine().of(Purpose.ROW, 4 * n);
            Convert.run(a, x, xo * a.bytes(), DType.F32, wide, 0, n);
            addRun(wide, 0, y, 4 * yo, n, beta);
        }
    }

    /** {@code y = beta y + x} for n floats; offsets in bytes. */
    public static void addRun(
            MemorySegment x, long xo, MemorySegment y, long yo, long n, float beta) {
        if (beta == 0) {
            MemorySegment.copy(x, xo, y, yo, 4 * n);
            return;
        }
        long whole = 4 * Floats.whole(n);
        addVectors(x, xo, y, yo, whole, beta, Floats.BYTES);
        for (long i = whole; i < 4 * n; i += 4) {
            Floats.set(y, yo + i, Floats.get(x, xo + i), beta);
        }
    }

    /** Written out: a vector handed to a method that is not inlined is boxed, one a step. */
    private static void addVectors(
            MemorySegment x, long xo, MemorySegment y, long yo, long bytes, float beta, long step) {
        FloatVector factor = FloatVector.broadcast(Lanes.F, beta);
        for (long i = 0; i < bytes; i += step) {
            FloatVector old = FloatVector.fromMemorySegment(Lanes.F, y, yo + i, LITTLE_ENDIAN);
            old.fma(factor, FloatVector.fromMemorySegment(Lanes.F, x, xo + i, LITTLE_ENDIAN))
                    .intoMemorySegment(y, yo + i, LITTLE_ENDIAN);
        }
    }

    /** No run on one side or both: a transposition, in squares that fit the first cache. */
    private void strided(Tensor x, Into y, Walk walk) {
        if (x.dtype() != DType.F32 || y.tensor().dtype() != DType.F32) {
            reference.copy(x, y);
            return;
        }
        MemorySegment in = x.storage().memory();
        MemorySegment out = y.tensor().storage().memory();
        long squares = walk.squares();
        workers.split(
                squares,
                Math.max(1, Floats.GRAIN / (Walk.SIDE * Walk.SIDE)),
                (from, to) -> {
                    for (long s = from; s < to; s++) {
                        square(in, out, walk, s, y.beta());
                    }
                });
    }

    private static void square(MemorySegment x, MemorySegment y, Walk walk, long s, float beta) {
        long[] at = walk.square(s);
        if (beta == 0 && walk.xStep(0) == 1 && walk.yStep(1) == 1) {
            Transpose.copy(
                    x,
                    4 * at[0],
                    4 * walk.xStep(1),
                    (int) at[3],
                    (int) at[2],
                    y,
                    4 * at[1],
                    4 * walk.yStep(0));
            return;
        }
        long xi = walk.xStep(0);
        long xj = walk.xStep(1);
        long yi = walk.yStep(0);
        long yj = walk.yStep(1);
        for (long i = 0; i < at[2]; i++) {
            long from = 4 * (at[0] + i * xi);
            long to = 4 * (at[1] + i * yi);
            for (long j = 0; j < at[3]; j++) {
                Floats.set(y, to + 4 * j * yj, Floats.get(x, from + 4 * j * xj), beta);
            }
        }
    }

    @Override
    public void fill(double value, Into y) {
        Tensor t = y.tensor();
        boolean isZero = Double.doubleToRawLongBits(value) == 0 && y.beta() == 0;
        boolean isHalf = t.dtype().bytes() == 2 && y.beta() == 0;
        if (t.count() == 0 || t.dtype() != DType.F32 && !isZero && !isHalf) {
            reference.fill(value, y);
            return;
        }
        Walk walk = Walk.of(t.layout(), t.layout());
        if (walk.isStrided()) {
            reference.fill(value, y);
            return;
        }
        MemorySegment out = t.storage().memory();
        int size = t.dtype().bytes();
        float f = (float) value;
        short bits = isHalf ? bits(t.dtype(), value) : 0;
        each(
                walk,
                (at, n) -> {
                    if (isZero) {
                        out.asSlice(size * at, size * n).fill((byte) 0); // so in every type
                    } else if (isHalf) {
                        for (long i = 2 * at; i < 2 * (at + n); i += 2) {
                            out.set(ValueLayout.JAVA_SHORT_UNALIGNED, i, bits);
                        }
                    } else {
                        fill(f, out, 4 * at, 4 * (at + n), y.beta());
                    }
                });
    }

    /** Two bytes of a half type. */
    private static short bits(DType type, double value) {
        short[] one = new short[1];
        type.set(MemorySegment.ofArray(one), 0, value);
        return one[0];
    }

    private interface Run {
        void at(long from, long n);
    }

    /** All runs of the destination, or pieces of the only one. */
    private void each(Walk walk, Run run) {
        if (walk.rows() == 1) {
            workers.split(
                    walk.run(), Floats.GRAIN, (from, to) -> run.at(walk.y(0) + from, to - from));
            return;
        }
        workers.split(
                walk.rows(),
                Math.max(1, Floats.GRAIN / walk.run()),
                (from, to) -> {
                    for (long r = from; r < to; r++) {
                        run.at(walk.y(r), walk.run());
                    }
                });
    }

    private static void fill(float value, MemorySegment y, long from, long to, float beta) {
        FloatVector v = FloatVector.broadcast(Lanes.F, value);
        long i = from;
        for (; i + Floats.BYTES <= to; i += Floats.BYTES) {
            Floats.store(v, y, i, beta);
        }
        for (; i < to; i += 4) {
            Floats.set(y, i, value, beta);
        }
    }
}
