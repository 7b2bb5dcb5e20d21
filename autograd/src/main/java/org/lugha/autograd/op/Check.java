package org.lugha.autograd.op;

import org.lugha.autograd.Op;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/**
 * Shape checks of ops: each message names the op and everything it got. Types and devices were
 * checked before forward, see {@link Op#isIndex}.
 */
final class Check {
    private Check() {}

    static void that(boolean holds, Op op, String expected, Tensor... got) {
        if (!holds) {
            throw fail(op, expected, got);
        }
    }

    static void sameShape(Op op, Tensor a, Tensor b) {
        that(a.shape().equals(b.shape()), op, "needs two tensors of one shape", a, b);
    }

    /** An axis of x, counted from the front. */
    static int axis(Op op, int axis, Tensor x) {
        int rank = x.shape().rank();
        int i = axis < 0 ? rank + axis : axis;
        if (i < 0 || i >= rank) {
            throw fail(op, "axis " + axis + " does not exist, axes are 0 to " + (rank - 1), x);
        }
        return i;
    }

    /** Every id of an I32 tensor lies in [0, limit). */
    static void ids(Op op, Tensor ids, int limit, String what) {
        ids(op, ids, 0, limit, what);
    }

    /** As ids, but one below 0 stands for none. */
    static void labels(Op op, Tensor ids, int limit, String what) {
        ids(op, ids, Integer.MIN_VALUE, limit, what);
    }

    private static void ids(Op op, Tensor ids, int least, int limit, String what) {
        if (!ids.device().isHost()) {
            return; // checked where the ids were made
        }
        for (long i = 0; i < ids.count(); i++) {
            int id = (int) ids.get(i);
            if (id < least || id >= limit) {
                throw new ShapeException(
                        op
                                + ": id "
                                + id
                                + " at index "
                                + i
                                + " is outside the "
                                + limit
                                + " "
                                + what);
            }
        }
    }

    static ShapeException fail(Op op, String expected, Tensor... got) {
        StringBuilder s = new StringBuilder();
        for (Tensor t : got) {
            s.append(s.isEmpty() ? "" : ", ").append(t);
        }
        return new ShapeException(op + ": " + expected + ", got " + s);
    }
}
