package org.lugha.optim;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.Tensor;

/** Moves parameters against their gradients. Owns its state until {@link #close}. */
public sealed interface Optimizer extends AutoCloseable permits AdamW, Sgd {
    /** Those it was made for, in that order. */
    List<Parameter> parameters();

    /** Updates done so far. */
    long step();

    /**
     * One update of every parameter that has a gradient; the gradients are used up: the next
     * backward starts anew.
     *
     * @param gradientScale every gradient is multiplied by this first, see {@link
     *     GradientNorm#clip}; 1 for none
     */
    void update(double lr, double gradientScale);

    /** One update at the schedule's rate for {@code step() + 1}. */
    default void update(Schedule schedule, double lr, double gradientScale) {
        update(schedule.at(step() + 1, lr), gradientScale);
    }

    /**
     * What has to be kept, beside {@link #step}, to go on later with equal bits: tensors by name of
     * parameter and role. They are the live ones: read them before the next update.
     */
    SequencedMap<String, Tensor> state();

    /**
     * Goes on where {@link #state} was taken after {@code step} updates.
     *
     * @throws IllegalArgumentException naming every tensor that is missing, unknown or of another
     *     shape; nothing has changed then
     */
    void restore(long step, Map<String, Tensor> state);

    @Override
    void close();
}
