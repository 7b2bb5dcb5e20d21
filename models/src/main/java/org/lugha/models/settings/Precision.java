package org.lugha.models.settings;

import java.util.Locale;
import org.lugha.autograd.Saved;
import org.lugha.runtime.DType;

/** In which types a run stores what it holds; it computes, trains and adds up in F32 either way. */
public enum Precision {
    /** Everything F32. */
    F32(DType.F32, Saved.EXACT),

    /** Frozen weights and what backward needs in BF16: half their memory. */
    BF16(DType.BF16, Saved.BF16);

    private final DType weights;
    private final Saved saved;

    Precision(DType weights, Saved saved) {
        this.weights = weights;
        this.saved = saved;
    }

    /** By its name in RUN.yaml: {@code f32} or {@code bf16}. */
    public static Precision of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The type of frozen weights. */
    public DType weights() {
        return weights;
    }

    /** How a tape keeps what backward needs. */
    public Saved saved() {
        return saved;
    }
}
