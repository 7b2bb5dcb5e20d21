package org.lugha.runtime.reference;

import org.lugha.runtime.Philox;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.ElementwiseKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Unary;

/** {@link ElementwiseKernel} element by element. */
public final class RefElementwise implements ElementwiseKernel {

    @Override
    public void scale(double alpha, Tensor x, Into y) {
        In in = In.of(x);
        Out out = Out.of(y);
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, alpha * in.at(i));
        }
    }

    @Override
    public void add(Tensor a, Tensor b, Into y) {
        In left = In.of(a);
        In right = In.of(b);
        Out out = Out.of(y);
        for (long i = 0, n = a.count(); i < n; i++) {
            out.put(i, left.at(i) + right.at(i));
        }
    }

    @Override
    public void mul(Tensor a, Tensor b, Into y) {
        In left = In.of(a);
        In right = In.of(b);
        Out out = Out.of(y);
        for (long i = 0, n = a.count(); i < n; i++) {
            out.put(i, left.at(i) * right.at(i));
        }
    }

    @Override
    public void addRow(Tensor x, Tensor row, Into y) {
        In in = In.of(x);
        In added = In.of(row);
        Out out = Out.of(y);
        long width = row.count();
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, in.at(i) + added.at(i % width));
        }
    }

    @Override
    public void mulRow(Tensor x, Tensor row, Into y) {
        In in = In.of(x);
        In factor = In.of(row);
        Out out = Out.of(y);
        long width = row.count();
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, in.at(i) * factor.at(i % width));
        }
    }

    @Override
    public void maskedFill(Tensor x, Tensor mask, double value, Into y) {
        In in = In.of(x);
        In masked = In.of(mask);
        Out out = Out.of(y);
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, masked.at(i % mask.count()) != 0 ? value : in.at(i));
        }
    }

    @Override
    public void unary(Unary f, Tensor x, Into y) {
        In in = In.of(x);
        Out out = Out.of(y);
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, RefUnary.value(f, in.at(i)));
        }
    }

    @Override
    public void unaryBackward(Unary f, Tensor x, Tensor dy, Into dx) {
        In in = In.of(x);
        In gradient = In.of(dy);
        Out out = Out.of(dx);
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, RefUnary.slope(f, in.at(i)) * gradient.at(i));
        }
    }

    @Override
    public void softCap(double cap, Tensor x, Into y) {
        In in = In.of(x);
        Out out = Out.of(y);
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, cap * Math.tanh(in.at(i) / cap));
        }
    }

    @Override
    public void softCapBackward(double cap, Tensor y, Tensor dy, Into dx) {
        In value = In.of(y);
        In gradient = In.of(dy);
        Out out = Out.of(dx);
        for (long i = 0, n = y.count(); i < n; i++) {
            double t = value.at(i) / cap;
            out.put(i, (1 - t * t) * gradient.at(i));
        }
    }

    @Override
    public void gate(Unary f, Tensor gate, Tensor up, Into y) {
        In g = In.of(gate);
        In u = In.of(up);
        Out out = Out.of(y);
        for (long i = 0, n = gate.count(); i < n; i++) {
            out.put(i, RefUnary.value(f, g.at(i)) * u.at(i));
        }
    }

    @Override
    public void gateBackward(Unary f, Tensor gate, Tensor up, Tensor dy, Into dgate, Into dup) {
        In g = In.of(gate);
        In u = In.of(up);
        In gradient = In.of(dy);
        Out toGate = Out.of(dgate);
        Out toUp = Out.of(dup);
        for (long i = 0, n = gate.count(); i < n; i++) {
            if (toGate != null) {
                toGate.put(i, RefUnary.slope(f, g.at(i)) * u.at(i) * gradient.at(i));
            }
            if (toUp != null) {
                toUp.put(i, RefUnary.value(f, g.at(i)) * gradient.at(i));
            }
        }
    }

    @Override
    public void dropout(double p, long seed, Tensor x, Into y) {
        In in = In.of(x);
        Out out = Out.of(y);
        for (long i = 0, n = x.count(); i < n; i++) {
            out.put(i, Philox.uniform(seed, i) >= p ? in.at(i) / (1 - p) : 0);
        }
    }
}
