package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;

/** Rows of BF16 or F16 that lie side by side. */
record HalfRows(Matrix m) implements WeightRows {

    @Override
    public int rows() {
        return m.rows();
    }

    @Override
    public int columns() {
        return m.columns();
    }

    @Override
    public void widen(long row, long column, long n, MemorySegment to, long at) {
        Convert.run(m.dtype(), m.memory(), m.offset(row, column), DType.F32, to, at, n);
    }

    /** The even ones of as many pairs as a vector has lanes, then the odd ones. */
    @Override
    public void arrange(MemorySegment x, long from, long n, MemorySegment to) {
        long whole = n / HalfDots.PAIRS * HalfDots.PAIRS;
        if (HalfDots.HAS_SELECTION) {
            HalfDots.part(x, from, whole, to);
        } else {
            for (long i = 0; i < whole; i += HalfDots.PAIRS) {
                for (long lane = 0; lane < Lanes.N; lane++) {
                    long at = from + 4 * i + 8 * lane;
                    Floats.set(to, 4 * (i + lane), Floats.get(x, at));
                    Floats.set(to, 4 * (i + lane + Lanes.N), Floats.get(x, at + 4));
                }
            }
        }
        MemorySegment.copy(x, from + 4 * whole, to, 4 * whole, 4 * (n - whole));
    }

    @Override
    public void four(
            MemorySegment x,
            long at,
            long r0,
            long r1,
            long r2,
            long r3,
            MemorySegment own,
            MemorySegment sums) {
        MemorySegment w = m.memory();
        int whole = columns() / HalfDots.PAIRS * HalfDots.PAIRS;
        long a0 = m.offset(r0, 0);
        long a1 = m.offset(r1, 0);
        long a2 = m.offset(r2, 0);
        long a3 = m.offset(r3, 0);
        if (m.dtype() == DType.BF16) {
            HalfDots.bf16(x, at, w, a0, a1, a2, a3, whole, own, sums);
        } else {
            HalfDots.f16(x, at, w, a0, a1, whole, own, sums, 0);
            HalfDots.f16(x, at, w, a2, a3, whole, own, sums, 8);
        }
        for (int k = whole; k < columns(); k++) {
            float v = Floats.get(x, at + 4L * k);
            Floats.set(sums, 0, Math.fma(v, m.get(r0, k), Floats.get(sums, 0)));
            Floats.set(sums, 4, Math.fma(v, m.get(r1, k), Floats.get(sums, 4)));
            Floats.set(sums, 8, Math.fma(v, m.get(r2, k), Floats.get(sums, 8)));
            Floats.set(sums, 12, Math.fma(v, m.get(r3, k), Floats.get(sums, 12)));
        }
    }
}
