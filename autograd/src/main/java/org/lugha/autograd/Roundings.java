package org.lugha.autograd;

import java.util.HashMap;
import java.util.Map;
import org.lugha.runtime.DType;
import org.lugha.runtime.Layout;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Storage;
import org.lugha.runtime.Tensor;

/**
 * What the ops of one tape keep, rounded to BF16: one copy of a storage however many ops keep it or
 * views of it. Where one of them needs it exact it is kept as it is, for all of them.
 */
final class Roundings {
    /** A block of memory is as large as this, however little is asked for. */
    private static final long SMALLEST = 64;

    private final Map<Storage, Place> places = new HashMap<>();

    /** One storage and how it is kept. */
    static final class Place {
        private final Storage storage;
        private Tensor rounded; // all of it; null where it is kept as it is
        private int users;

        private Place(Storage storage) {
            this.storage = storage;
        }

        /** A tensor over this storage, of the type and shape it had; new where it was rounded. */
        Tensor widened(Tensor t) {
            if (rounded == null) {
                return t;
            }
            if (t.layout().isContiguous()) {
                return new Tensor(rounded.storage(), t.layout(), rounded.dtype()).copy(t.dtype());
            }
            return new Tensor(rounded.copy(t.dtype()).storage(), t.layout(), t.dtype());
        }
    }

    /** Becomes an owner of a tensor or of its rounded copy, made now if it is the first. */
    Place take(Tensor t, boolean exact) {
        Place p = places.get(t.storage());
        boolean asItIs = exact || !isWorthIt(t);
        if (p == null) {
            p = new Place(t.storage());
            if (asItIs) {
                t.storage().retain();
            } else {
                p.rounded = rounded(t);
            }
            places.put(t.storage(), p);
        } else if (asItIs && p.rounded != null) {
            t.storage().retain();
            p.rounded.storage().release("keeping what was rounded as it is");
            p.rounded = null;
        }
        p.users++;
        return p;
    }

    void release(Place p, String by) {
        if (--p.users == 0) {
            (p.rounded == null ? p.storage : p.rounded.storage()).release(by);
            places.remove(p.storage);
        }
    }

    private static boolean isWorthIt(Tensor t) {
        long bytes = t.storage().bytes();
        return t.dtype() == DType.F32 && bytes > SMALLEST && bytes / 4 <= Integer.MAX_VALUE;
    }

    /** The whole storage, owned by nobody but the caller. */
    private static Tensor rounded(Tensor t) {
        Shape all = Shape.of((int) (t.storage().bytes() / 4));
        Tensor whole = new Tensor(t.storage(), Layout.contiguous(all), t.dtype());
        try (var _ = Scope.open("rounding")) {
            Tensor copy = whole.copy(DType.BF16);
            copy.storage().retain();
            return copy;
        }
    }
}
