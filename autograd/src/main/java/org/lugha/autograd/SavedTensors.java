package org.lugha.autograd;

import java.util.ArrayList;
import java.util.List;
import org.lugha.runtime.Tensor;

/** What one op keeps until its backward has run: inputs, and tensors that forward made. */
final class SavedTensors {
    /** Stands for the index of an input where there is none. */
    private static final int MADE = -1;

    private final Var[] inputs;
    private final Roundings roundings;
    private final List<Slot> slots = new ArrayList<>(4);

    /**
     * @param roundings null: everything is kept as it is
     */
    SavedTensors(Var[] inputs, Roundings roundings) {
        this.inputs = inputs;
        this.roundings = roundings;
    }

    /** One tensor; owned by itself until {@link #settle} finds it a place among the roundings. */
    private static final class Slot {
        private final int input;
        private final Tensor tensor;
        private final boolean exact;
        private Roundings.Place place;
        private Tensor widened;

        Slot(int input, Tensor tensor, boolean exact) {
            this.input = input;
            this.tensor = tensor;
            this.exact = exact;
        }

        /** As it was, in the innermost scope if it must be widened; again if that scope closed. */
        Tensor get() {
            if (place == null) {
                return tensor;
            }
            if (widened == null || !widened.storage().isAlive()) {
                widened = place.widened(tensor);
            }
            return widened;
        }
    }

    /** Keeps input i. */
    void keep(int i, boolean exact) {
        add(i, inputs[i].value(), exact || !isIntermediate(inputs[i]));
    }

    /** Keeps what forward made, or a view of an input; it may be written until forward ends. */
    void save(Tensor t, boolean exact) {
        boolean asItIs = exact;
        for (Var v : inputs) {
            asItIs |= v.value().storage() == t.storage() && !isIntermediate(v);
        }
        add(MADE, t, asItIs);
    }

    private void add(int input, Tensor t, boolean exact) {
        t.storage().retain();
        slots.add(new Slot(input, t, exact));
    }

    /** Whether a value dies with the step; one in a parameter's memory or a constant's does not. */
    private static boolean isIntermediate(Var v) {
        Context maker = v.node();
        if (maker == null) {
            return false;
        }
        for (int i = 0; i < maker.inputs(); i++) {
            Var from = maker.variable(i);
            if (from.value().storage() == v.value().storage()) {
                return isIntermediate(from);
            }
        }
        return true;
    }

    /** Forward has written everything: rounds what may be rounded. */
    void settle() {
        if (roundings == null) {
            return;
        }
        for (Slot s : slots) {
            s.place = roundings.take(s.tensor, s.exact);
            s.tensor.storage().release("saving for backward");
        }
    }

    /** The i-th that forward made. */
    Tensor made(int i) {
        int left = i;
        for (Slot s : slots) {
            if (s.input == MADE && left-- == 0) {
                return s.get();
            }
        }
        throw new IndexOutOfBoundsException("saved: nothing was saved as number " + i);
    }

    /** Input i, whether it was kept or not. */
    Tensor input(int i) {
        for (Slot s : slots) {
            if (s.input == i) {
                return s.get();
            }
        }
        return inputs[i].value();
    }

    void close(String by) {
        for (Slot s : slots) {
            if (s.place == null) {
                s.tensor.storage().release(by);
            } else {
                roundings.release(s.place, by);
            }
        }
        slots.clear();
    }
}
