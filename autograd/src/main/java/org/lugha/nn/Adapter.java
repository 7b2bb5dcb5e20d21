package org.lugha.nn;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;

/**
 * Something attached to a module that wraps its computation, the way a filter wraps a request.
 * Nothing is replaced: base names never move, adapters stack, detaching is leaving a list.
 */
public interface Adapter {
    /**
     * The adapted output for input x; {@code base} is the module, with adapters attached before.
     */
    Var apply(Var x, UnaryOperator<Var> base, Pass pass);

    /** Parameters by their names in PEFT's files, for example {@code lora_A.weight}. */
    SequencedMap<String, Parameter> parameters();

    /**
     * A step of training begins; what an adapter chooses anew each step it takes from here.
     *
     * @param seed of the run
     * @param step counted from 1
     */
    default void begin(long seed, long step) {}

    /** Gives back what it owns beside its parameters. */
    default void close() {}
}
