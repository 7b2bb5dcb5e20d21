package org.lugha.models.peft;

import java.util.SequencedMap;
import org.lugha.nn.Adapter;
import org.lugha.runtime.Tensor;

/** An adapter that is saved as something else than its parameters. */
interface Converted extends Adapter {
    /** What is saved, by key, in the current scope. */
    SequencedMap<String, Tensor> saved();
}
