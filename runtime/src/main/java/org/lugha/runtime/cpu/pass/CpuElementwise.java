package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.ElementwiseKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Unary;

/**
 * Element by element with vectors; F64 goes to the reference.
 *
 * <p>Extra memory: for each thread that of {@link Span} and at most 16 KiB of strips; {@code
 * addRow} and {@code mulRow} that of {@link Rows}, and {@code 4 D} bytes where the row is BF16 or
 * F16.
 */
public final class CpuElementwise implements ElementwiseKernel {
    private final Workers workers;
    private final ElementwiseKernel reference;

    public CpuElementwise(Workers workers, ElementwiseKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void scale(double alpha, Tensor x, Into y) {
        if (!Floats.wide(x, y.tensor())) {
            reference.scale(alpha, x, y);
            return;
        }
        float f = (float) alpha;
        float beta = y.beta();
        Span.all(
                workers,
                x.count(),
                x,
                null,
                null,
                y,
                null,
                (a, _, _, out, _, from, to) -> Arithmetic.scale(f, a, out, beta, from, to));
    }

    @Override
    public void add(Tensor a, Tensor b, Into y) {
        if (!Floats.wide(a, b, y.tensor())) {
            reference.add(a, b, y);
            return;
        }
        float beta = y.beta();
        Span.all(
                workers,
                a.count(),
                a,
                b,
                null,
                y,
                null,
                (p, q, _, out, _, from, to) -> Arithmetic.add(p, q, out, beta, from, to));
    }

    @Override
    public void mul(Tensor a, Tensor b, Into y) {
        if (!Floats.wide(a, b, y.tensor())) {
            reference.mul(a, b, y);
            return;
        }
        float beta = y.beta();
        Span.all(
                workers,
                a.count(),
                a,
                b,
                null,
                y,
                null,
                (p, q, _, out, _, from, to) ->
                        Arithmetic.mul(p, from, q, from, out, from, beta, to - from));
    }

    @Override
    public void addRow(Tensor x, Tensor row, Into y) {
        if (!Floats.wide(x, row, y.tensor())) {
            reference.addRow(x, row, y);
            return;
        }
        long d = x.shape().last();
        MemorySegment add = Rows.vector(row, 0);
        Rows rows = Rows.read(Purpose.ROWS, d, x).into(y);
        workers.split(
                x.shape().rows(),
                Math.max(1, Floats.GRAIN / Math.max(1, d)),
                (from, to) -> {
                    MemorySegment[] m = rows.floats();
                    for (long r = from; r < to; r++) {
                        Arithmetic.addRow(m[0], add, m[1], y.beta(), rows.open(m, r), d);
                        rows.close(m, r);
                    }
                });
    }

    @Override
    public void mulRow(Tensor x, Tensor row, Into y) {
        if (!Floats.wide(x, row, y.tensor())) {
            reference.mulRow(x, row, y);
            return;
        }
        long d = x.shape().last();
        MemorySegment by = Rows.vector(row, 0);
        Rows rows = Rows.read(Purpose.ROWS, d, x).into(y);
        workers.split(
                x.shape().rows(),
                Math.max(1, Floats.GRAIN / Math.max(1, d)),
                (from, to) -> {
                    MemorySegment[] m = rows.floats();
                    for (long r = from; r < to; r++) {
                        Arithmetic.mulRow(m[0], by, m[1], y.beta(), rows.open(m, r), d);
                        rows.close(m, r);
                    }
                });
    }

    @Override
    public void maskedFill(Tensor x, Tensor mask, double value, Into y) {
        if (!Floats.wide(x, y.tensor()) || mask.dtype() != DType.I32) {
            reference.maskedFill(x, mask, value, y);
            return;
        }
        var how = new MaskedFill(mask.memory(), mask.count(), (float) value, y.beta());
        Rows rows = Rows.read(Purpose.ROWS, Span.STRIP, x).into(y);
        workers.split(x.count(), Floats.GRAIN, (from, to) -> how.run(rows, from, to));
    }

    @Override
    public void unary(Unary f, Tensor x, Into y) {
        if (!Floats.wide(x, y.tensor())) {
            reference.unary(f, x, y);
            return;
        }
        float beta = y.beta();
        Span.all(
                workers,
                x.count(),
                x,
                null,
                null,
                y,
                null,
                (a, _, _, out, _, from, to) ->
                        Gates.forward(f, a, Floats.NONE, out, beta, from, to));
    }

    @Override
    public void unaryBackward(Unary f, Tensor x, Tensor dy, Into dx) {
        if (!Floats.wide(x, dy, dx.tensor())) {
            reference.unaryBackward(f, x, dy, dx);
            return;
        }
        float beta = dx.beta();
        Span.all(
                workers,
                x.count(),
                x,
                dy,
                null,
                dx,
                null,
                (a, g, _, out, _, from, to) ->
                        Gates.backward(f, a, Floats.NONE, g, out, beta, Floats.NONE, 0, from, to));
    }

    @Override
    public void softCap(double cap, Tensor x, Into y) {
        if (!Floats.wide(x, y.tensor())) {
            reference.softCap(cap, x, y);
            return;
        }
        float c = (float) cap;
        float beta = y.beta();
        Span.all(
                workers,
                x.count(),
                x,
                null,
                null,
                y,
                null,
                (a, _, _, out, _, from, to) -> SoftCap.forward(c, a, out, beta, from, to));
    }

    @Override
    public void softCapBackward(double cap, Tensor y, Tensor dy, Into dx) {
        if (!Floats.wide(y, dy, dx.tensor())) {
            reference.softCapBackward(cap, y, dy, dx);
            return;
        }
        float c = (float) cap;
        float beta = dx.beta();
        Span.all(
                workers,
                y.count(),
                y,
                dy,
                null,
                dx,
                null,
                (a, g, _, out, _, from, to) -> SoftCap.backward(c, a, g, out, beta, from, to));
    }

    @Override
    public void gate(Unary f, Tensor gate, Tensor up, Into y) {
        if (!Floats.wide(gate, up, y.tensor())) {
            reference.gate(f, gate, up, y);
            return;
        }
        float beta = y.beta();
        Span.all(
                workers,
                gate.count(),
                gate,
                up,
                null,
                y,
                null,
                (a, u, _, out, _, from, to) -> Gates.forward(f, a, u, out, beta, from, to));
    }

    @Override
    public void gateBackward(Unary f, Tensor gate, Tensor up, Tensor dy, Into dgate, Into dup) {
        if (!Floats.wide(gate, up, dy, Floats.of(dgate), Floats.of(dup))) {
            reference.gateBackward(f, gate, up, dy, dgate, dup);
            return;
        }
        float betaGate = Floats.beta(dgate);
        float betaUp = Floats.beta(dup);
        Span.all(
                workers,
                gate.count(),
                gate,
                up,
                dy,
                dgate,
                dup,
                (a, u, g, da, du, from, to) ->
                        Gates.backward(f, a, u, g, da, betaGate, du, betaUp, from, to));
    }

    @Override
    public void dropout(double p, long seed, Tensor x, Into y) {
        if (!Floats.wide(x, y.tensor())) {
            reference.dropout(p, seed, x, y);
            return;
        }
        Dropout how = Dropout.of(p, seed);
        Rows rows = Rows.read(Purpose.ROWS, Span.STRIP, x).into(y);
        workers.split(x.count(), Floats.GRAIN, (from, to) -> how.run(rows, y.beta(), from, to));
    }
}
