package org.lugha.autograd;

import org.lugha.runtime.DType;
import org.lugha.runtime.FreedTensorException;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/** What every op demands of its inputs, checked in one place before its forward runs. */
final class Inputs {
    private Inputs() {}

    /** The values of all inputs: alive, of the declared types, of one precision, on one device. */
    static Tensor[] checked(Op op, Var... in) {
        Tensor[] values = new Tensor[in.length];
        for (int i = 0; i < in.length; i++) {
            values[i] = in[i].value();
            alive(op, i, values[i]);
            if (!(op instanceof Recompute)) { // the ops of its body check what they get
                type(op, i, values[i]);
            }
        }
        for (Tensor t : values) {
            if (!t.device().equals(values[0].device())) {
                throw new ShapeException(
                        op
                                + ": needs inputs on one device, got "
                                + names(values)
                                + "; bring them together with to(device)");
            }
        }
        precision(op, values);
        return values;
    }

    private static void alive(Op op, int i, Tensor t) {
        try {
            t.storage().memory();
        } catch (FreedTensorException e) {
            throw new FreedTensorException(
                    op + ": input " + i + " " + t + " is gone: " + e.getMessage());
        }
    }

    private static void type(Op op, int i, Tensor t) {
        if (op.isIndex(i)) {
            if (t.dtype() != DType.I32) {
                throw new ShapeException(
                        op
                                + ": needs I32 ids, labels or positions as input "
                                + i
                                + ", got "
                                + t
                                + "; make them with Tensor.of(device, shape, int...)");
            }
        } else if (!t.dtype().isFloat()) {
            throw new ShapeException(
                    op
                            + ": needs floating-point numbers as input "
                            + i
                            + ", got "
                            + t
                            + "; convert it with copy(DType.F32)");
        }
    }

    /** F64 is for gradient checks: beside anything narrower it is a mistake. */
    private static void precision(Op op, Tensor... values) {
        boolean hasDouble = false;
        boolean hasOther = false;
        for (Tensor t : values) {
            hasDouble |= t.dtype() == DType.F64;
            hasOther |= t.dtype().isFloat() && t.dtype() != DType.F64;
        }
        if (hasDouble && hasOther) {
            throw new ShapeException(
                    op
                            + ": needs inputs that are all F64, or none, got "
                            + names(values)
                            + "; convert them with copy(dtype)");
        }
    }

    private static String names(Tensor... values) {
        StringBuilder s = new StringBuilder();
        for (Tensor t : values) {
            s.append(s.isEmpty() ? "" : ", ").append(t);
        }
        return s.toString();
    }
}
