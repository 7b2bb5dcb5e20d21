package org.lugha.models.peft;

import org.lugha.models.adapters.Bottleneck;

/** The usual arrangements of bottleneck adapters, as AdapterHub's library names them. */
public enum BottleneckKind {
    /** DoubleSeqBn (Houlsby et al. 2019): behind attention and behind the feed-forward. */
    HOULSBY,
    /** SeqBn (Pfeiffer et al. 2021): behind the feed-forward, over the residual. */
    PFEIFFER,
    /** ParBn (He et al. 2022): beside the feed-forward. */
    PARALLEL;

    Bottleneck.Reads reads() {
        return switch (this) {
            case HOULSBY -> Bottleneck.Reads.OUTPUT;
            case PFEIFFER -> Bottleneck.Reads.SUM;
            case PARALLEL -> Bottleneck.Reads.RESIDUAL;
        };
    }
}
